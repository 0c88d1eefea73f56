// Owns the seam between the printing rules and the wire: TCP and serial look the same from above.
import type { DeviceError } from '#drivers/device.ts';
import type { Result } from '#drivers/result.ts';

/** One session with a printer. Bytes it sends back are always read, never left to pile up. */
export interface Connection {
  /**
   * Hands bytes to the operating system. Settles with null when they have left this process, or
   * with the fault that ended the session; a printer that stops reading keeps it pending.
   */
  write(bytes: Uint8Array): Promise<DeviceError | null>;
  /** Replaces the listener. */
  onData(listener: (chunk: Uint8Array) => void): void;
  /** Called once when the session ends by anything but `end`; at once if it already has. */
  onLost(listener: (error: DeviceError) => void): void;
  /**
   * Says goodbye and waits for the printer to do the same, so that no byte is thrown away; after
   * `deadlineMs` the session is cut. A queue throws away a job that is not written whole by now.
   * Null when both sides closed in order. Safe to call twice and after a loss.
   */
  end(deadlineMs: number): Promise<DeviceError | null>;
  /**
   * Where a queue holds the job until `end`: what it has is not whole and must not be printed.
   * Elsewhere nothing can be taken back, and this is not there or does nothing.
   */
  abandon?(error: DeviceError): void;
}

export interface Transport {
  /** Never rejects; gives up after `deadlineMs`. */
  connect(deadlineMs: number): Promise<Result<Connection, DeviceError>>;
  /** False where a session must be short, since the printer serves one till at a time. */
  readonly keepsSession: boolean;
  /** True where nothing can come back, whatever the printer says: no answer is waited for. */
  readonly isOneWay: boolean;
}
