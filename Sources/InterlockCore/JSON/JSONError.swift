/// Why a text is not acceptable JSON, and at which byte.
package struct JSONError: Error, Equatable, Sendable {
  package enum Reason: String, Sendable, CaseIterable {
    case unexpectedByte = "unexpected byte"
    case unexpectedEnd = "unexpected end"
    case trailingBytes = "something follows the value"
    case invalidUTF8 = "not UTF-8"
    case invalidEscape = "invalid escape"
    case loneSurrogate = "lone surrogate"
    case controlCharacter = "control character in a string"
    case invalidNumber = "invalid number"
    case numberOutOfRange = "a number that cannot be kept"
    case duplicateKey = "duplicate key"
    case tooDeep = "nested too deeply"
    case tooLarge = "too large"
  }

  package let reason: Reason
  package let offset: Int

  package init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  package var message: String { "\(reason.rawValue) at byte \(offset)" }
}
