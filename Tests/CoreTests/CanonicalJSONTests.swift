import Glibc
import InterlockCore
import Testing

@Suite struct CanonicalJSONTests {
  static let folder: String = {
    let top = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    return "/\(top)/shared/testdata/json-canonical"
  }()

  static let isAbsent: Bool = access(folder, R_OK) != 0

  @Test(
    .disabled(if: isAbsent, "../shared/testdata/json-canonical is not beside this checkout"),
    arguments: ["arrays", "french", "structures", "unicode", "values", "weird"])
  func agreesWithTheVectors(_ name: String) throws {
    let input = try Self.contents("\(Self.folder)/input/\(name).json")
    let output = try Self.contents("\(Self.folder)/output/\(name).json")
    #expect(CanonicalJSON.write(try JSONReader.read(input)) == output)
  }

  /// RFC 8785, appendix B, integers between 2^53 and 10^21 exact.
  @Test(
    arguments: [
      (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
      (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
      (0x4340_0000_0000_0000, "9007199254740992"), (0xC340_0000_0000_0000, "-9007199254740992"),
      (0x4430_0000_0000_0000, "295147905179352825856"),
      (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
      (0x44B5_2D02_C7E1_4AF6, "1e+23"), (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
      (0x444B_1AE4_D6E2_EF4E, "999999999999999737856"),
      (0x444B_1AE4_D6E2_EF4F, "999999999999999868928"),
      (0x444B_1AE4_D6E2_EF50, "1e+21"), (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
      (0x3EB0_C6F7_A0B5_ED8D, "0.000001"), (0x41B3_DE43_5555_5553, "333333333.3333332"),
      (0x41B3_DE43_5555_5554, "333333333.33333325"), (0x41B3_DE43_5555_5555, "333333333.3333333"),
      (0x41B3_DE43_5555_5556, "333333333.3333334"), (0x41B3_DE43_5555_5557, "333333333.33333343"),
      (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
    ] as [(UInt64, String)])
  func printsNumbersLikeECMAScript(_ bits: UInt64, _ expected: String) {
    let bytes = CanonicalJSON.write(.number(.double(Double(bitPattern: bits))))
    #expect(String(decoding: bytes, as: UTF8.self) == expected)
  }

  @Test func equalNumbersHaveEqualBytesAndOthersDoNot() throws {
    func canonical(_ text: String) throws -> [UInt8] {
      CanonicalJSON.write(try JSONReader.read(Array(text.utf8)))
    }
    #expect(try canonical("1e16") == canonical("10000000000000000"))
    #expect(try canonical("-0.0") == canonical("0"))
    #expect(try canonical("4326548887936833000") != canonical("4.326548887936833e18"))
    #expect(try canonical("9007199254740993") != canonical("9007199254740992"))
  }

  @Test func keepsAnAccountNumber() throws {
    let text = "12345678901234567891"
    #expect(CanonicalJSON.write(try JSONReader.read(Array(text.utf8))) == Array(text.utf8))
  }

  @Test func readWriteReadIsEqual() throws {
    var generator = SplitMix(seed: 21)
    for _ in 0..<5000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let bytes = CanonicalJSON.write(.number(.double(value)))
      let again = try JSONReader.read(bytes)
      #expect(again == .number(.double(value)))
      #expect(CanonicalJSON.write(again) == bytes)
    }
  }

  private static func contents(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = fread(buffer.baseAddress, 1, 1 << 16, file)
    }
  }
}
