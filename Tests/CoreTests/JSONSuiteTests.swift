import Glibc
import InterlockCore
import Testing

/// The public JSON test suite (nst/JSONTestSuite), read from `shared/testdata` beside the checkout.
@Suite struct JSONSuiteTests {
  static let folder: String = {
    let top = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(top)/shared/testdata/json-parsing"
  }()

  static let isAbsent: Bool = access(folder, R_OK) != 0

  /// What the standard leaves open, and what this reader says: everything that cannot be kept
  /// exactly, or is not Unicode, is refused. Integers keep all their digits.
  static let accepted: Set<String> = [
    "i_number_too_big_neg_int.json", "i_number_too_big_pos_int.json",
    "i_number_very_big_negative_int.json",
  ]

  /// The suite accepts duplicate keys, as RFC 8259 section 4 does with a warning. A text that two
  /// readers understand differently must not be approved by one and executed by the other.
  static let duplicates: Set<String> = [
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json",
  ]

  @Test(.disabled(if: isAbsent, "../shared/testdata/json-parsing is not beside this checkout"))
  func agreesWithTheSuite() throws {
    var counts: [Character: Int] = [:]
    for name in try Self.names() {
      let contents = try Self.contents(name)
      let isAccepted = (try? JSONReader.read(contents)) != nil
      let isJSON = contents.withUnsafeBytes { JSONSyntax.isValue($0) }
      #expect(isJSON || !isAccepted, "\(name) is read, and is not JSON")
      counts[name.first ?? "?", default: 0] += 1
      switch name.first {
      case "y": #expect(isJSON && isAccepted != Self.duplicates.contains(name), "\(name)")
      case "n": #expect(!isAccepted && !isJSON, "\(name) must be refused")
      default: #expect(isAccepted == Self.accepted.contains(name), "\(name)")
      }
    }
    #expect(counts == ["y": 95, "n": 188, "i": 35])
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
