// Owns the status bytes of the virtual printer, as printing.md §3.1 to §3.3 lays them out.

export interface PrinterConditions {
  readonly isCoverOpen: boolean;
  readonly isPaperOut: boolean;
  readonly isPaperNearEnd: boolean;
  readonly hasCutterError: boolean;
}

/** The parser of a stopped printer rests; its real-time side goes on. */
export function isStopped(conditions: PrinterConditions): boolean {
  return conditions.isCoverOpen || conditions.isPaperOut || conditions.hasCutterError;
}

/** The answer to DLE EOT `query`. */
export function realTimeStatus(query: 1 | 2 | 3 | 4, conditions: PrinterConditions): number {
  const { isCoverOpen, isPaperOut, isPaperNearEnd, hasCutterError } = conditions;
  if (query === 1) return 0x12 | (isStopped(conditions) ? 0x08 : 0);
  if (query === 2) {
    return 0x12 | (isCoverOpen ? 0x04 : 0) | (isPaperOut ? 0x20 : 0) | (hasCutterError ? 0x40 : 0);
  }
  if (query === 3) return 0x12 | (hasCutterError ? 0x08 : 0);
  return 0x12 | (isPaperNearEnd || isPaperOut ? 0x0c : 0) | (isPaperOut ? 0x60 : 0);
}

/** The four bytes that GS a asks for. */
export function automaticStatus(conditions: PrinterConditions): [number, number, number, number] {
  const { isCoverOpen, hasCutterError } = conditions;
  const printer = 0x10 | (isStopped(conditions) ? 0x08 : 0) | (isCoverOpen ? 0x20 : 0);
  return [printer, hasCutterError ? 0x08 : 0, paperSensor(conditions), 0];
}

/** The answer to GS r 1. */
export function paperSensor(conditions: PrinterConditions): number {
  const { isPaperOut, isPaperNearEnd } = conditions;
  return (isPaperNearEnd || isPaperOut ? 0x03 : 0) | (isPaperOut ? 0x0c : 0);
}
