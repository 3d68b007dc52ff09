/// A JSON Schema, compiled: what an answer or the arguments of a tool have to look like.
///
/// Draft 2020-12, and what older drafts write in the same words. A schema that asks for something
/// that would not be enforced is refused when it is compiled: an answer is never accepted under a
/// rule that nobody looked at. `format` is therefore an assertion, as the format-assertion
/// vocabulary has it.
package struct Schema: Sendable {
  package static let maxSubschemas = 10_000
  package static let maxProblems = 100
  /// A hostile schema can ask for more work than there is time. What cannot be finished fails.
  package static let maxSteps = 1_000_000

  private let nodes: [SchemaNode]
  private let tracksEvaluation: Bool

  /// Refuses what it would not enforce.
  ///
  /// - Parameters:
  ///   - document: the schema.
  ///   - path: where the schema stands in the outer document; problems point beneath it.
  /// - Throws: every reason to refuse the schema, at most a hundred.
  package init(compiling document: JSONValue, at path: JSONPointer = .root) throws(SchemaError) {
    var compiler = SchemaCompiler(base: path)
    compiler.compile(document)
    guard compiler.problems.isEmpty else { throw SchemaError(problems: compiler.problems) }
    nodes = compiler.nodes
    tracksEvaluation = nodes.contains { $0.rules.contains(where: \.readsEvaluation) }
  }

  /// What is wrong with `value`, at most a hundred problems; empty if it is as the schema says.
  ///
  /// - Parameters:
  ///   - value: what is checked.
  ///   - path: where the value stands in the outer document; problems point beneath it.
  ///   - steps: the work that may be done, about a subschema each. Beyond it there is one problem.
  /// - Returns: every problem, in the order of the schema's rules.
  package func problems(
    in value: JSONValue, at path: JSONPointer = .root, within steps: Int = maxSteps
  ) -> [Problem] {
    var evaluation = SchemaEvaluation(nodes, tracks: tracksEvaluation, steps: steps)
    return evaluation.problems(in: value, at: path)
  }
}

/// Why a schema is refused: `.schema` where it is malformed, `.unsupported` where it asks for
/// something that is not enforced, `.tooLarge` beyond a cap.
package struct SchemaError: Error, Equatable, Sendable {
  package let problems: [Problem]

  package init(problems: [Problem]) {
    self.problems = problems
  }
}
