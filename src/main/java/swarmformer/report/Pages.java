package swarmformer.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;

/** Fills the templates of {@code src/main/jte}, which the build makes classes of. */
public final class Pages {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), "swarmformer.report.templates");

  private Pages() {}

  /** The text of a page; all that comes from {@code page} is escaped. */
  public static String fill(String template, Object page) {
    TemplateOutput text = new StringOutput();
    TEMPLATES.render(template, page, text);
    return text.toString();
  }
}
