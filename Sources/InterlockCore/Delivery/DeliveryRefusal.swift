/// Why a request about endpoints and deliveries was not done. Nothing was changed.
package struct DeliveryRefusal: Error, Sendable, Equatable {
  package enum Code: String, Sendable, CaseIterable {
    case notFound = "NOT_FOUND"
    case fenced = "FENCED"
    case conflict = "CONFLICT"
  }

  package let code: Code
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var json: JSONValue {
    .object(["code": .text(code.rawValue), "message": .text(message)])
  }
}

extension DeliveryMachine {
  static let notDue = DeliveryRefusal(.conflict, "The delivery is not due yet.")
  static let isClaimed = DeliveryRefusal(.conflict, "Somebody is sending it.")
  static let isWaiting = DeliveryRefusal(.conflict, "It is not dead: it is tried again by itself.")
  static let wasDelivered = DeliveryRefusal(.conflict, "It was delivered.")
  static let isDead = DeliveryRefusal(.conflict, "All attempts have failed: retry it first.")
  static let otherwise = DeliveryRefusal(.conflict, "It was reported otherwise before.")
  static let fenced = DeliveryRefusal(
    .fenced, "The claim is lost: the delivery was claimed again, or given up.")
}
