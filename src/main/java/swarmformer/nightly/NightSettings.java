package swarmformer.nightly;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a user asked of a night.
 *
 * @param date the night
 * @param dateColumn column that tells which rows are the night's; all of them when absent
 * @param zone where a point in time has its date
 * @param overwrite whether a night that is in the store is replaced
 * @param newModel whether another model than that of the last night may score
 * @param deadline when to stop, with all that is done kept
 * @param maxErrorShare share of rows without a prediction, 0 to 1, above which a gate closes
 * @param baseline nights to compare with; a gate closes if the rows have drifted from them
 * @param command what was typed
 */
public record NightSettings(
    LocalDate date,
    Optional<String> dateColumn,
    ZoneId zone,
    boolean overwrite,
    boolean newModel,
    Optional<Instant> deadline,
    OptionalDouble maxErrorShare,
    Optional<DateRange> baseline,
    String command) {}
