import Glibc
import InterlockCore
import Testing

/// The JSON Schema test suite, draft 2020-12, read from `shared/testdata` beside the checkout.
///
/// Every group is either enforced, and then every test of it must agree, or refused for a keyword
/// that is named here: neither a silent refusal nor a silent acceptance passes.
@Suite struct SchemaSuiteTests {
  static let folder: String = {
    let top = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(top)/shared/testdata/json-schema/draft2020-12"
  }()

  static let isAbsent: Bool = access(folder, R_OK) != 0

  /// The suite reads `format` as an annotation, Interlock asserts it (2020-12, the format-assertion
  /// vocabulary). So the one test of each enforced format that wants a bad text accepted must fail;
  /// all the others of format.json hold.
  static func expects(_ file: String, _ test: String, _ isValid: Bool) -> Bool {
    let isAssertion = file == "format.json" && test.hasSuffix("is only an annotation by default")
    return isAssertion ? false : isValid
  }

  struct Count: Equatable {
    var enforced = 0
    var refused = 0
    var tests = 0
    var asserted = 0
  }

  @Test(.disabled(if: isAbsent, "../shared/testdata/json-schema is not beside this checkout"))
  func agreesWithTheSuite() throws {
    var count = Count()
    for file in try Self.names() {
      let refusals = SchemaSuiteRefusals.refused[file] ?? []
      for group in try elements(JSONReader.read(Self.contents(file))) {
        let name = try #require(group.member("description")?.text).string
        let schema = try #require(group.member("schema"))
        let refusal = refusals.first { $0.group == name }
        do throws(SchemaError) {
          let compiled = try Schema(compiling: schema)
          #expect(refusal == nil, "\(file): \(name) must be refused")
          count.enforced += 1
          run(compiled, group, "\(file): \(name)", in: file, &count)
        } catch {
          count.refused += 1
          #expect(keywords(error) == refusal?.keywords, "\(file): \(name)")
        }
      }
    }
    print(
      "JSON Schema suite: \(count.enforced) groups enforced with \(count.tests) tests,"
        + " of which \(count.asserted) assert a format; \(count.refused) groups refused")
    #expect(count == Count(enforced: 317, refused: 66, tests: 1116, asserted: 10))
    #expect(count.refused == SchemaSuiteRefusals.refused.values.map(\.count).reduce(0, +))
  }

  private func run(
    _ schema: Schema, _ group: JSONValue, _ name: String, in file: String, _ count: inout Count
  ) {
    for test in elements(group.member("tests")) {
      guard let data = test.member("data"), let title = test.member("description")?.text?.string,
        case .bool(let isValid) = test.member("valid")
      else {
        Issue.record("\(name) has a test of another form")
        continue
      }
      let expected = Self.expects(file, title, isValid)
      count.tests += 1
      count.asserted += expected == isValid ? 0 : 1
      #expect(schema.problems(in: data).isEmpty == expected, "\(name): \(title)")
    }
  }

  /// The names of the keywords that are refused because they are not enforced.
  private func keywords(_ error: SchemaError) -> String {
    let unsupported = error.problems.filter { $0.code == .unsupported }
    let names = unsupported.map { $0.path.text.string.split(separator: "/").last ?? "" }
    return Set(names).sorted().joined(separator: " ")
  }

  private func elements(_ value: JSONValue?) -> [JSONValue] {
    guard case .array(let elements) = value else { return [] }
    return elements
  }

  private static func names() throws -> [String] {
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(".json") { names.append(name) }
    }
    return names
  }

  private static func contents(_ name: String) throws -> [UInt8] {
    let file = try #require(fopen("\(folder)/\(name)", "r"))
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
      count = fread(buffer.baseAddress, 1, 1 << 20, file)
    }
  }
}
