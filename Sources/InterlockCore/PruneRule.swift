/// Which checkpoints of a thread survive a prune to the latest.
///
/// The latest of each namespace survives. A delta channel (LangGraph's `DeltaChannel`) stores no
/// value at most checkpoints: it is rebuilt from the writes of the ancestors, back to the nearest
/// one that stores a value. Those ancestors survive too; without them the channel silently reads as
/// empty.
package enum PruneRule {
  package struct Checkpoint: Sendable {
    package let namespace: Text
    package let id: Text
    package let parent: Text?
    /// The channels its metadata names as delta channels.
    package let deltaChannels: Set<Text>
    /// The channels that have a stored value at this checkpoint.
    package let storedChannels: Set<Text>

    package init(
      namespace: Text, id: Text, parent: Text?, deltaChannels: Set<Text>, storedChannels: Set<Text>
    ) {
      self.namespace = namespace
      self.id = id
      self.parent = parent
      self.deltaChannels = deltaChannels
      self.storedChannels = storedChannels
    }
  }

  package static let deltaMember: Text = "counters_since_delta_snapshot"

  /// The delta channels that the metadata of a checkpoint names.
  package static func deltaChannels(in metadata: JSONValue) -> Set<Text> {
    guard case .object(let members)? = metadata.member(deltaMember) else { return [] }
    return Set(members.map(\.name))
  }

  /// The positions in `checkpoints` that survive.
  package static func survivors(of checkpoints: [Checkpoint]) -> Set<Int> {
    var position: [Text: [Text: Int]] = [:]
    for (index, checkpoint) in checkpoints.enumerated() {
      position[checkpoint.namespace, default: [:]][checkpoint.id] = index
    }
    var survivors: Set<Int> = []
    for byID in position.values {
      guard let latest = byID.max(by: { $0.key < $1.key })?.value else { continue }
      survivors.insert(latest)
      survivors.formUnion(ancestorsNeeded(by: latest, checkpoints, byID))
    }
    return survivors
  }

  private static func ancestorsNeeded(
    by index: Int, _ checkpoints: [Checkpoint], _ byID: [Text: Int]
  ) -> Set<Int> {
    var needed: Set<Int> = []
    let target = checkpoints[index]
    var open = target.deltaChannels.subtracting(target.storedChannels)
    var parent = target.parent
    while !open.isEmpty, let id = parent, let next = byID[id], !needed.contains(next) {
      needed.insert(next)
      open.subtract(checkpoints[next].storedChannels)
      parent = checkpoints[next].parent
    }
    return needed
  }
}
