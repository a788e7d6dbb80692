package io.nexus.heartbeat.api;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;

/** The Javadoc of the records, read from their sources: it is what kubectl explain shows. */
record FieldDocs(Map<String, String> types, Map<String, String> fields) {

  static FieldDocs read(Path sources) throws IOException {
    var docs = new FieldDocs(new HashMap<>(), new HashMap<>());
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        var paths = Files.list(sources)) {
      var units =
          files.getJavaFileObjectsFromPaths(
              paths.filter(p -> p.toString().endsWith(".java")).toList());
      var task =
          (JavacTask) compiler.getTask(null, files, null, List.of("-proc:none"), null, units);
      var trees = DocTrees.instance(task);
      for (var unit : task.parse()) {
        new TreePathScanner<Void, Void>() {
          @Override
          public Void visitClass(ClassTree type, Void unused) {
            var doc = trees.getDocCommentTree(getCurrentPath());
            if (doc != null) {
              docs.add(type.getSimpleName().toString(), doc);
            }
            return super.visitClass(type, unused);
          }
        }.scan(unit, null);
      }
    }
    return docs;
  }

  private void add(String type, DocCommentTree doc) {
    types.put(type, plain(doc.getFullBody()));
    for (var tag : doc.getBlockTags()) {
      if (tag instanceof ParamTree param) {
        fields.put(type + "." + param.getName(), plain(param.getDescription()));
      }
    }
  }

  private static String plain(List<? extends DocTree> text) {
    var joined = new StringBuilder();
    text.forEach(part -> joined.append(words(part)));
    return joined.toString().replaceAll("\\s+", " ").strip();
  }

  /** Not toString, which writes … as an escape of Java. */
  private static String words(DocTree part) {
    return switch (part) {
      case TextTree words -> words.getBody();
      case LiteralTree literal -> literal.getBody().getBody();
      case LinkTree link -> link.getReference().getSignature();
      default -> throw new IllegalStateException("cannot be shown by kubectl explain: " + part);
    };
  }
}
