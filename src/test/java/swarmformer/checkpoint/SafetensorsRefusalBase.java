package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the tests of refused files share: a header's entry, and the message of a refusal. */
abstract class SafetensorsRefusalBase {
  static final String ADVICE =
      ". Download the file again, or write it with safetensors.torch.save_file.";

  static String entry(String dtype, String shape, String offsets) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(dtype, shape, offsets);
  }

  static void refusesHeader(String header, int dataBytes, String why) {
    refuses(SafetensorsFiles.raw(header, dataBytes), why + ADVICE);
  }

  static void refusesTensor(String dtype, String shape, String offsets, int dataBytes, String why) {
    refusesHeader("{\"w\":" + entry(dtype, shape, offsets) + "}", dataBytes, "tensor 'w' " + why);
  }

  static void refuses(byte[] file, String why) {
    assertThatThrownBy(() -> Safetensors.parse(file, "w.safetensors"))
        .isInstanceOf(ModelException.class)
        .hasMessage("Cannot read weights from w.safetensors: " + why);
  }
}
