/// Which events somebody wants. What is left out is not looked at.
package struct EventFilter: Sendable, Equatable {
  package static let maxTypes = 100

  /// Each once; empty for all.
  package let types: [Text]
  package let review: Text?
  package let thread: Text?
  package let channel: Text?

  package init(
    types: [Text] = [], review: Text? = nil, thread: Text? = nil, channel: Text? = nil
  ) {
    var distinct: [Text] = []
    for type in types where !distinct.contains(type) { distinct.append(type) }
    self.types = distinct
    self.review = review
    self.thread = thread
    self.channel = channel
  }

  /// Reads `types`, `review`, `thread` and `channel`.
  package init(_ reader: inout MemberReader) {
    self.init(
      types: reader.ids("types", most: Self.maxTypes), review: reader.id("review"),
      thread: reader.id("thread"), channel: reader.id("channel"))
  }

  package var isEmpty: Bool {
    types.isEmpty && review == nil && thread == nil && channel == nil
  }

  package func includes(type: Text, review: Text?, thread: Text?, channel: Text?) -> Bool {
    (types.isEmpty || types.contains(type))
      && (self.review == nil || self.review == review)
      && (self.thread == nil || self.thread == thread)
      && (self.channel == nil || self.channel == channel)
  }

  /// The members that `init(_:)` reads; those that are left out are null.
  package var members: [JSONMember] {
    [
      JSONMember(
        name: "types", value: types.isEmpty ? .null : .array(types.map { .string($0) })),
      JSONMember(name: "review", value: review.map { .string($0) } ?? .null),
      JSONMember(name: "thread", value: thread.map { .string($0) } ?? .null),
      JSONMember(name: "channel", value: channel.map { .string($0) } ?? .null),
    ]
  }

  /// What `members` wrote, in an object. Nil for anything else.
  package init?(stored value: JSONValue) {
    func text(_ name: Text) -> Text? { value.member(name)?.text }
    guard case .object = value else { return nil }
    var types: [Text] = []
    if case .array(let values)? = value.member("types") {
      types = values.compactMap(\.text)
      guard types.count == values.count else { return nil }
    }
    self.init(
      types: types, review: text("review"), thread: text("thread"), channel: text("channel"))
  }
}

extension MemberReader {
  /// A list of 1 to `most` ids; empty if it is left out or not good.
  package mutating func ids(
    _ name: StaticString, _ need: Need = .optional, most: Int
  ) -> [Text] {
    guard let values = array(name, need, count: 1...Int.max) else { return [] }
    guard values.count <= most else {
      add([Problem(.tooLarge, at: pointer(name), "This has at most \(most) elements.")])
      return []
    }
    var ids: [Text] = []
    for (index, value) in values.enumerated() {
      guard case .string(let id) = value, 1...Limits.idBytes ~= id.utf8.count else {
        let isLong = value.text.map { !$0.isEmpty } ?? false
        add([
          Problem(
            isLong ? .tooLarge : .type, at: pointer(name).appending(index),
            "An id is a text of 1 to 512 bytes.")
        ])
        continue
      }
      ids.append(id)
    }
    return ids
  }
}
