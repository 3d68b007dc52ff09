/// A place in a JSON document, written as RFC 6901 says. The root is the empty text.
package struct JSONPointer: Sendable, Hashable {
  package let text: Text

  package static let root = JSONPointer(text: .empty)

  private init(text: Text) {
    self.text = text
  }

  package func appending(_ name: Text) -> JSONPointer {
    var bytes = text.utf8
    bytes.append(UInt8(ascii: "/"))
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "~"): bytes.append(contentsOf: "~0".utf8)
      case UInt8(ascii: "/"): bytes.append(contentsOf: "~1".utf8)
      default: bytes.append(byte)
      }
    }
    return JSONPointer(text: Text(trusted: bytes))
  }

  package func appending(_ index: Int) -> JSONPointer {
    JSONPointer(text: Text(trusted: text.utf8 + [UInt8(ascii: "/")] + String(index).utf8))
  }
}

extension JSONPointer {
  /// Another pointer, read from this place.
  package func appending(_ pointer: JSONPointer) -> JSONPointer {
    JSONPointer(text: Text(trusted: text.utf8 + pointer.text.utf8))
  }
}
