package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.PythonUserDefinedType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import swarmformer.LocalSpark;
import swarmformer.checkpoint.ModelException;
import swarmformer.errors.DeviceException;
import swarmformer.errors.InputException;

class ClassifierRefusalsIT {
  private static final StructType TEXT = StructType.fromDDL("text STRING, n INT");

  private final SwarmFormerClassifier stage = Samples.classifier();

  private void refuses(StructType schema, String message) {
    assertThatThrownBy(() -> stage.transformSchema(schema))
        .isInstanceOf(InputException.class)
        .hasMessage(message);
  }

  @Test
  void listsTheColumnsWhereOneIsAbsent() {
    refuses(
        StructType.fromDDL("id STRING, Text STRING"),
        "Cannot read the dataset: no column 'text'. Columns found: id, Text. Did you mean 'Text'? Set inputCol.");
    stage.setIdsCol("tokens");
    refuses(
        TEXT, "Cannot read the dataset: no column 'tokens'. Columns found: text, n. Set idsCol.");
  }

  @Test
  void refusesSeveralColumnsOfTexts() {
    refuses(
        StructType.fromDDL("text STRING, n INT").add("text", "string"),
        "Cannot read the dataset: it has several columns named 'text'. Rename all but one, or set inputCol to another.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"INT|INT", "ARRAY<STRING>|ARRAY<STRING>", "BINARY|BINARY"})
  void refusesTextsThatAreNoStrings(String ddl, String type) {
    refuses(
        StructType.fromDDL("text " + ddl),
        "Cannot read texts from the dataset: column 'text' is %s, not STRING. Set inputCol."
            .formatted(type));
  }

  @Test
  void refusesIdsThatAreNoNumbers() {
    stage.setIdsCol("text");
    refuses(
        TEXT,
        "Cannot read token ids from the dataset: column 'text' is STRING, not ARRAY<INT> or ARRAY<BIGINT>. Set idsCol.");
    stage.setInputCol("text");
    refuses(TEXT, "idsCol and inputCol exclude each other: clear one of them.");
  }

  @Test
  void refusesColumnsThatAreThere() {
    refuses(
        TEXT.add("Prediction", "int"),
        "Cannot add column 'prediction' to the dataset: it has one of that name. Set predictionCol to another name, or to '' to leave it out.");
    stage.setOutputCol("prediction");
    refuses(
        TEXT,
        "Cannot add two columns named 'prediction': they are predictionCol and outputCol. Set one to another name, or to '' to leave it out.");
  }

  @Test
  void refusesColumnsThatPythonAloneKnows() {
    DataType ofPython = new PythonUserDefinedType(DataTypes.LongType, "own.Type", "");
    for (DataType type :
        List.of(
            ofPython,
            DataTypes.createArrayType(ofPython),
            DataTypes.createMapType(DataTypes.StringType, ofPython),
            new StructType().add("inner", DataTypes.createArrayType(ofPython)))) {
      refuses(
          TEXT.add("own", type),
          "Cannot carry column 'own' of the dataset along: Python alone knows its type. Drop it before, or select its fields.");
    }
  }

  @Test
  void refusesValuesThatItDoesNotKnow() {
    assertThatThrownBy(() -> stage.setDevice("gpu"))
        .hasMessage("device takes auto, cpu or cuda, not 'gpu'.");
    assertThatThrownBy(() -> stage.setDtype("float16"))
        .hasMessage("dtype takes auto, float32 or bfloat16, not 'float16'.");
    assertThatThrownBy(() -> stage.setBatchSize(0))
        .hasMessage("batchSize must be at least 1, not 0.");
  }

  @Test
  void refusesModelsAndDevicesThatAreNotThere() {
    assertThatThrownBy(() -> stage.setModel("none").transform(Samples.read()))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("Cannot find model 'none'");
    stage.setModel("small-imdb");
    assertThatThrownBy(() -> stage.setModelSha256("beef").transform(Samples.read()))
        .isInstanceOf(ModelException.class)
        .hasMessageMatching(
            "Cannot use model small-imdb: the SHA-256 of its model\\.safetensors is [0-9a-f]{64}, and modelSha256 is beef\\. The model has changed .*");
    assertThatThrownBy(
            () ->
                Samples.classifier()
                    .setDevice("cuda")
                    .transform(Samples.texts(LocalSpark.session(), "a")))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("Cannot use a GPU");
  }
}
