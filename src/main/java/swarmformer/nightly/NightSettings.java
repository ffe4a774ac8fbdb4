package swarmformer.nightly;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * What a user asked of a night.
 *
 * @param date the night
 * @param dateColumn column that tells which rows are the night's; all of them when absent
 * @param zone where a point in time has its date
 * @param overwrite whether a night that is in the store is replaced
 * @param newModel whether another model than that of the last night may score
 * @param deadline when to stop, with all that is done kept
 * @param temperature what logits are divided by for calibrated probabilities
 * @param gates what the night is judged by
 * @param command what was typed
 */
public record NightSettings(
    LocalDate date,
    Optional<String> dateColumn,
    ZoneId zone,
    boolean overwrite,
    boolean newModel,
    Optional<Instant> deadline,
    double temperature,
    Gates gates,
    String command) {}
