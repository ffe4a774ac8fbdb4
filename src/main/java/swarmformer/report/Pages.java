package swarmformer.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.TemplateOutput;
import gg.jte.output.StringOutput;
import java.util.regex.Pattern;

/** Fills the templates of {@code src/main/jte}, which the build makes classes of. */
public final class Pages {
  private static final TemplateEngine TEMPLATES =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Pages.class.getClassLoader(), "swarmformer.report.templates");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\t\n\r]]");

  private Pages() {}

  /** A local path as people type it, any other as it is. */
  public static String place(String path) {
    return path.replaceFirst("^file:/+", "/");
  }

  /**
   * The text of a page; all that comes from {@code page} is escaped, and control characters, which
   * HTML has no way to say, become U+FFFD.
   */
  public static String fill(String template, Object page) {
    TemplateOutput text = new StringOutput();
    TEMPLATES.render(template, page, text);
    return CONTROL.matcher(text.toString()).replaceAll("\uFFFD");
  }
}
