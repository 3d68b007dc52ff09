/// Which index a pending write gets, and whether it replaces what is stored.
///
/// The rule of LangGraph's SQL savers (langgraph-checkpoint `WRITES_IDX_MAP`, `put_writes`): four
/// special channels have fixed negative indexes; a call of special channels only replaces, any other
/// call adds what is not there.
package struct WriteRule: Sendable {
  package let indexes: [Int32]
  package let replaces: Bool

  package init(channels: [Text]) {
    indexes = channels.enumerated().map { position, channel in
      Self.specialIndex(of: channel) ?? Int32(truncatingIfNeeded: position)
    }
    replaces = channels.allSatisfy { Self.isSpecial($0) }
  }

  /// Whether a channel is not of the graph, but of those who run it.
  package static func isSpecial(_ channel: Text) -> Bool { specialIndex(of: channel) != nil }

  package static func specialIndex(of channel: Text) -> Int32? {
    switch channel {
    case "__error__": -1
    case "__scheduled__": -2
    case "__interrupt__": -3
    case "__resume__": -4
    default: nil
    }
  }
}
