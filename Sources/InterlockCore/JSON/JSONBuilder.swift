/// Writes a JSON document straight into bytes: what is written with every change of a review is not made
/// into values first.
package struct JSONBuilder {
  package private(set) var bytes: [UInt8] = []
  private var isFirst = true

  package init(capacity: Int) {
    bytes.reserveCapacity(capacity)
  }

  package mutating func object(_ body: (inout JSONBuilder) -> Void) {
    enclosed("{", "}", body)
  }

  package mutating func array<Element>(
    _ elements: [Element], _ body: (inout JSONBuilder, Element) -> Void
  ) {
    enclosed("[", "]") { json in
      for element in elements {
        json.separate()
        body(&json, element)
      }
    }
  }

  /// The name of the next member; its value must follow. A name has no character to escape.
  package mutating func name(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  package mutating func null() { bytes.append(contentsOf: "null".utf8) }

  package mutating func string(_ text: Text) { JSONWriter.appendString(text.utf8, to: &bytes) }

  /// Of letters that stand for themselves: the raw value of an enum of ours.
  package mutating func word(_ word: String) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: word.utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func value(_ value: JSONValue) { JSONWriter.append(value, to: &bytes) }

  private mutating func enclosed(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONBuilder) -> Void
  ) {
    bytes.append(UInt8(ascii: open))
    isFirst = true
    body(&self)
    bytes.append(UInt8(ascii: close))
    isFirst = false
  }

  private mutating func separate() {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    isFirst = false
  }
}

extension JSONBuilder {
  package mutating func member(_ name: StaticString, _ text: Text?) {
    self.name(name)
    if let text { string(text) } else { null() }
  }

  package mutating func member(_ name: StaticString, word: String?) {
    self.name(name)
    if let word { self.word(word) } else { null() }
  }

  package mutating func member(_ name: StaticString, _ integer: Int64?) {
    self.name(name)
    if let integer { bytes.append(contentsOf: String(integer).utf8) } else { null() }
  }

  package mutating func member(_ name: StaticString, value: JSONValue?) {
    self.name(name)
    self.value(value ?? .null)
  }
}
