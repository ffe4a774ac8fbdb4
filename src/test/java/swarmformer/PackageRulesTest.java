package swarmformer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The map of the packages: which may know which. */
final class PackageRulesTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("swarmformer");

  @Test
  void nothingPointsBack() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("jobs")
        .definedBy("swarmformer.jobs")
        .layer("spark")
        .definedBy("swarmformer.spark")
        .layer("bench")
        .definedBy("swarmformer.bench")
        .layer("doctor")
        .definedBy("swarmformer.doctor")
        .layer("report")
        .definedBy("swarmformer.report..")
        .layer("analysis")
        .definedBy("swarmformer.analysis")
        .layer("nightly")
        .definedBy("swarmformer.nightly")
        .layer("store")
        .definedBy("swarmformer.store")
        .layer("scoring")
        .definedBy("swarmformer.scoring")
        .layer("training")
        .definedBy("swarmformer.training")
        .layer("export")
        .definedBy("swarmformer.export")
        .layer("augment")
        .definedBy("swarmformer.augment")
        .layer("metrics")
        .definedBy("swarmformer.metrics")
        .layer("models")
        .definedBy("swarmformer.models")
        .layer("data")
        .definedBy("swarmformer.data")
        .layer("model")
        .definedBy("swarmformer.model")
        .layer("checkpoint")
        .definedBy("swarmformer.checkpoint")
        .layer("tokens")
        .definedBy("swarmformer.tokens")
        .layer("cluster")
        .definedBy("swarmformer.cluster")
        .layer("cache")
        .definedBy("swarmformer.cache")
        .whereLayer("jobs")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("spark")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("bench")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("doctor")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("analysis")
        .mayOnlyBeAccessedByLayers("jobs", "report")
        .whereLayer("nightly")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("jobs", "nightly", "report")
        .whereLayer("scoring")
        .mayOnlyBeAccessedByLayers("jobs", "nightly", "doctor", "spark")
        .whereLayer("training")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("export")
        .mayOnlyBeAccessedByLayers("jobs")
        .whereLayer("augment")
        .mayOnlyBeAccessedByLayers("training")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("jobs", "nightly", "store", "report", "analysis", "scoring")
        .whereLayer("models")
        .mayOnlyBeAccessedByLayers("jobs", "spark")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("jobs", "nightly", "store", "analysis", "scoring", "spark")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers(
            "jobs",
            "nightly",
            "bench",
            "doctor",
            "scoring",
            "training",
            "export",
            "spark",
            "cluster")
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers(
            "jobs",
            "nightly",
            "bench",
            "doctor",
            "scoring",
            "data",
            "metrics",
            "models",
            "model",
            "training",
            "export",
            "spark")
        .whereLayer("tokens")
        .mayOnlyBeAccessedByLayers(
            "jobs", "nightly", "bench", "doctor", "scoring", "metrics", "training", "checkpoint")
        .whereLayer("cluster")
        .mayOnlyBeAccessedByLayers("jobs", "doctor", "scoring", "spark", "store")
        .whereLayer("cache")
        .mayOnlyBeAccessedByLayers("models", "model", "tokens")
        .check(CLASSES);
  }

  @Test
  void thereAreNoCycles() {
    slices().matching("swarmformer.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlySparksPackagesKnowSpark() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "swarmformer.report..",
            "swarmformer.model",
            "swarmformer.checkpoint",
            "swarmformer.models",
            "swarmformer.tokens",
            "swarmformer.training",
            "swarmformer.export",
            "swarmformer.augment",
            "swarmformer.cache")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.spark..")
        .check(CLASSES);
  }

  @Test
  void onlyTheModelsPackagesKnowDjl() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "swarmformer.model",
            "swarmformer.scoring",
            "swarmformer.tokens",
            "swarmformer.training",
            "swarmformer.doctor")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.djl..")
        .check(CLASSES);
  }
}
