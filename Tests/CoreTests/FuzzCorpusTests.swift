import FuzzTargets
import Glibc
import Testing

/// The seeds of `make fuzz`, and what it has found before, run once more.
@Suite struct FuzzCorpusTests {
  static let folder: String = {
    let top = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(top)/Fuzz/corpus"
  }()

  @Test(arguments: FuzzTarget.allCases) func replays(_ target: FuzzTarget) throws {
    let folder = "\(Self.folder)/\(target.rawValue)"
    let names = try Self.names(in: folder)
    #expect(!names.isEmpty, "\(folder) is empty")
    for name in names {
      let input = try Self.contents("\(folder)/\(name)")
      do throws(Finding) {
        try target.run(input)
      } catch {
        Issue.record("\(target.rawValue)/\(name): \(error)")
      }
    }
    print("fuzz \(target.rawValue): \(names.count) inputs replayed")
  }

  private static func names(in folder: String) throws -> [String] {
    let directory = try #require(opendir(folder), "\(folder) cannot be opened")
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names
  }

  private static func contents(_ name: String) throws -> [UInt8] {
    let file = try #require(fopen(name, "r"))
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = fread(buffer.baseAddress, 1, 1 << 16, file)
    }
  }
}
