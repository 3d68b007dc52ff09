public import CInterlock
import Interlock
import InterlockCore

@_cdecl("interlock_review_wait") @implementation
public func interlock_review_wait(
  _ engine: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ request_size: Int,
  _ timeout_ms: UInt64, _ cancel: OpaquePointer?, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let engine = try Handles.engines.resolve(engine)
    let flag = cancel == nil ? nil : try Handles.cancels.resolve(cancel)
    let bytes = try Argument.bytes(
      request, request_size, "request", limit: JSONReader.maxBytes)
    let json = try requested { () throws(EngineError) in
      try engine.reviews.wait(bytes, milliseconds: timeout_ms, cancel: flag)
    }
    out.pointee = try BufferResult.make(json)
  }
}

@_cdecl("interlock_receipt_verify") @implementation
public func interlock_receipt_verify(
  _ receipt: UnsafePointer<CChar>?, _ receipt_size: Int, _ public_key: UnsafePointer<CChar>?,
  _ public_key_size: Int, _ out_json: BufferOutput,
  _ out_error: UnsafeMutablePointer<UnsafeMutablePointer<interlock_error>?>?
) -> interlock_status {
  boundary(out_error) { () throws(Failure) in
    let out = try output(out_json, "out_json")
    let bytes = try Argument.bytes(
      receipt, receipt_size, "receipt", limit: JSONReader.maxBytes)
    let key = try Argument.bytes(
      public_key, public_key_size, "public_key", limit: Limits.idBytes)
    let json = try requested { () throws(EngineError) in
      try Receipt.verify(bytes, publicKey: key)
    }
    out.pointee = try BufferResult.make(json)
  }
}
