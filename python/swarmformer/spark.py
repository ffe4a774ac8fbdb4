"""SwarmFormer as a stage of PySpark's pipelines."""

from __future__ import annotations

from typing import Any

from pyspark import keyword_only
from pyspark.errors import PySparkException
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.param.shared import (
    HasInputCol,
    HasOutputCol,
    HasPredictionCol,
    HasProbabilityCol,
    HasRawPredictionCol,
)
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer
from pyspark.sql import DataFrame
from pyspark.sql.utils import is_remote

from swarmformer._files import VERSION

__all__ = ["SwarmFormerClassifier"]

#: PySpark finds the one class by the name of the other.
JAVA_CLASS = "swarmformer.spark.SwarmFormerClassifier"


class SwarmFormerClassifier(
    JavaTransformer,
    HasInputCol,
    HasRawPredictionCol,
    HasProbabilityCol,
    HasPredictionCol,
    HasOutputCol,
    JavaMLReadable["SwarmFormerClassifier"],
    JavaMLWritable,
):
    """Predicts the sentiment of texts: what ``python -m swarmformer score`` predicts, as columns.

    All columns, partitions and their order stay. A text that cannot be scored has null predictions
    and an ``error`` in the output column. A column whose name is set to ``""`` is left out.

    Examples:
        >>> from pyspark.sql import SparkSession
        >>> import swarmformer
        >>> from swarmformer.spark import SwarmFormerClassifier
        >>> spark = swarmformer.configure(SparkSession.builder).getOrCreate()
        >>> reviews = spark.createDataFrame([("A wonderful film.",)], ["text"])
        >>> SwarmFormerClassifier().transform(reviews).head().swarmformer.sentiment
        'positive'
    """

    _input_kwargs: dict[str, Any]  # of keyword_only

    idsCol: Param[str] = Param(
        Params._dummy(),
        "idsCol",
        "column of token ids to score instead of texts, ARRAY<INT> or ARRAY<BIGINT>",
        typeConverter=TypeConverters.toString,
    )
    batchSize: Param[int] = Param(
        Params._dummy(),
        "batchSize",
        "rows of a batch, at least 1",
        typeConverter=TypeConverters.toInt,
    )
    model: Param[str] = Param(
        Params._dummy(),
        "model",
        "a bundled name, a directory, a URI, or org/name[@revision] on the Hugging Face hub",
        typeConverter=TypeConverters.toString,
    )
    device: Param[str] = Param(
        Params._dummy(), "device", "auto, cpu or cuda", typeConverter=TypeConverters.toString
    )
    dtype: Param[str] = Param(
        Params._dummy(), "dtype", "auto, float32 or bfloat16", typeConverter=TypeConverters.toString
    )
    modelSha256: Param[str] = Param(
        Params._dummy(),
        "modelSha256",
        "SHA-256 that the weights must have",
        typeConverter=TypeConverters.toString,
    )
    configSha256: Param[str] = Param(
        Params._dummy(),
        "configSha256",
        "SHA-256 that config.json must have",
        typeConverter=TypeConverters.toString,
    )
    saveWeights: Param[bool] = Param(
        Params._dummy(),
        "saveWeights",
        "whether the model is saved with the stage",
        typeConverter=TypeConverters.toBoolean,
    )

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: str = "text",
        idsCol: str | None = None,
        rawPredictionCol: str = "rawPrediction",
        probabilityCol: str = "probability",
        predictionCol: str = "prediction",
        outputCol: str = "swarmformer",
        batchSize: int = 256,
        model: str = "small-imdb",
        device: str = "auto",
        dtype: str = "auto",
        modelSha256: str | None = None,
        configSha256: str | None = None,
        saveWeights: bool = False,
    ) -> None:
        """Makes a stage.

        Raises:
            RuntimeError: There is no Spark session, or its JVM does not have the jar of this
                version.
        """
        super().__init__()
        if not is_remote():
            _check_jvm()
        self._java_obj = self._new_java_obj(JAVA_CLASS, self.uid)
        self._setDefault(
            inputCol="text",
            outputCol="swarmformer",
            batchSize=256,
            model="small-imdb",
            device="auto",
            dtype="auto",
            saveWeights=False,
        )
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        inputCol: str = "text",
        idsCol: str | None = None,
        rawPredictionCol: str = "rawPrediction",
        probabilityCol: str = "probability",
        predictionCol: str = "prediction",
        outputCol: str = "swarmformer",
        batchSize: int = 256,
        model: str = "small-imdb",
        device: str = "auto",
        dtype: str = "auto",
        modelSha256: str | None = None,
        configSha256: str | None = None,
        saveWeights: bool = False,
    ) -> SwarmFormerClassifier:
        """Sets those params that are given and not None."""
        given = {name: value for name, value in self._input_kwargs.items() if value is not None}
        return self._set(**given)

    def setInputCol(self, value: str) -> SwarmFormerClassifier:
        """Sets the column of the texts."""
        return self._set(inputCol=value)

    def setIdsCol(self, value: str) -> SwarmFormerClassifier:
        """Sets a column of token ids to score instead of texts."""
        return self._set(idsCol=value)

    def setRawPredictionCol(self, value: str) -> SwarmFormerClassifier:
        """Names the new column of logits less their mean; empty leaves it out."""
        return self._set(rawPredictionCol=value)

    def setProbabilityCol(self, value: str) -> SwarmFormerClassifier:
        """Names the new column of probabilities; empty leaves it out."""
        return self._set(probabilityCol=value)

    def setPredictionCol(self, value: str) -> SwarmFormerClassifier:
        """Names the new column of the class; empty leaves it out."""
        return self._set(predictionCol=value)

    def setOutputCol(self, value: str) -> SwarmFormerClassifier:
        """Names the new column of all that is predicted, and of errors; empty leaves it out."""
        return self._set(outputCol=value)

    def setBatchSize(self, value: int) -> SwarmFormerClassifier:
        """Sets the rows of a batch."""
        return self._set(batchSize=value)

    def setModel(self, value: str) -> SwarmFormerClassifier:
        """Sets what to score with."""
        return self._set(model=value)

    def setDevice(self, value: str) -> SwarmFormerClassifier:
        """Sets where to compute: auto, cpu or cuda."""
        return self._set(device=value)

    def setDtype(self, value: str) -> SwarmFormerClassifier:
        """Sets the number format: auto, float32 or bfloat16."""
        return self._set(dtype=value)

    def setModelSha256(self, value: str) -> SwarmFormerClassifier:
        """Sets what the weights must hash to."""
        return self._set(modelSha256=value)

    def setConfigSha256(self, value: str) -> SwarmFormerClassifier:
        """Sets what config.json must hash to."""
        return self._set(configSha256=value)

    def setSaveWeights(self, value: bool) -> SwarmFormerClassifier:
        """Sets whether the model is saved with the stage."""
        return self._set(saveWeights=value)

    def getIdsCol(self) -> str:
        """The column of token ids to score instead of texts."""
        return self.getOrDefault(self.idsCol)

    def getBatchSize(self) -> int:
        """The rows of a batch."""
        return self.getOrDefault(self.batchSize)

    def getModel(self) -> str:
        """What to score with."""
        return self.getOrDefault(self.model)

    def getDevice(self) -> str:
        """Where to compute."""
        return self.getOrDefault(self.device)

    def getDtype(self) -> str:
        """The number format."""
        return self.getOrDefault(self.dtype)

    def getModelSha256(self) -> str:
        """What the weights must hash to; a stage that was saved has it."""
        return self.getOrDefault(self.modelSha256)

    def getConfigSha256(self) -> str:
        """What config.json must hash to; a stage that was saved has it."""
        return self.getOrDefault(self.configSha256)

    def getSaveWeights(self) -> bool:
        """Whether the model is saved with the stage."""
        return self.getOrDefault(self.saveWeights)

    def _transform(self, dataset: DataFrame) -> DataFrame:
        scored = super()._transform(dataset)
        if is_remote():
            _check_server(scored)
        return scored


def _check_jvm() -> None:
    """Refuses a JVM without the jar of this version, which Py4J would explain badly."""
    from py4j.java_gateway import JavaPackage  # a client of Spark Connect has neither
    from pyspark import SparkContext

    jvm = SparkContext._jvm
    if SparkContext._active_spark_context is None or jvm is None:
        raise RuntimeError(
            "There is no Spark session: make one first, with "
            "swarmformer.configure(SparkSession.builder).getOrCreate()."
        )
    name = f"swarmformer-spark-{VERSION}.jar"
    java_class = jvm.swarmformer.spark.SwarmFormerClassifier
    if isinstance(java_class, JavaPackage):
        raise RuntimeError(
            f"The JVM of this Spark session does not have {name}: make the first session of the "
            "process with swarmformer.configure(SparkSession.builder), or give spark-submit "
            "--jars with the files that swarmformer.jar() and swarmformer.natives() name."
        )
    found = java_class._java_lang_class.getPackage().getImplementationVersion()
    if found != VERSION:
        raise RuntimeError(
            f"The JVM of this Spark session has swarmformer-spark {found}, and this is version "
            f"{VERSION} of the package swarmformer: give it {name}, or install the package of "
            "that version."
        )


def _check_server(scored: DataFrame) -> None:
    """Asks the server at once what is wrong, as the JVM of this process would say at once."""
    try:
        _ = scored.schema
    except PySparkException as failure:
        if "Unsupported ML operator" not in str(failure):
            raise
        raise RuntimeError(
            f"The Spark Connect server does not have swarmformer-spark-{VERSION}.jar: start it "
            "with --jars and the files that swarmformer.jar() and swarmformer.natives() name."
        ) from None
