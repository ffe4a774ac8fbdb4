package swarmformer.scoring;

import swarmformer.model.Precision;
import swarmformer.tokens.TokenizerKind;

/** Settings of tests: float32 on a CPU, with the calibration left out. */
public final class CpuSettings {
  private static final int MICRO_BATCH = 1_024;

  private CpuSettings() {}

  /** Settings, of which the tests differ in these. */
  public static ScoringSettings of(
      int batchSize, boolean idsGiven, boolean emitIds, boolean failOnBadRow) {
    return of("cpu", batchSize, idsGiven, emitIds, failOnBadRow);
  }

  /** Settings that ask for a device. */
  static ScoringSettings onDevice(String device) {
    return of(device, 1, false, false, false);
  }

  private static ScoringSettings of(
      String device, int batchSize, boolean idsGiven, boolean emitIds, boolean failOnBadRow) {
    return new ScoringSettings(
        device,
        1,
        "float32",
        Precision.FLOAT32,
        MICRO_BATCH,
        batchSize,
        0,
        TokenizerKind.FAST,
        idsGiven,
        emitIds ? EmittedIds.WHOLE : EmittedIds.NONE,
        failOnBadRow);
  }
}
