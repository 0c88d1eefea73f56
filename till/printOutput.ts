// Owns what a print job becomes: the paper with its marks, and the job of a further copy.
import type { WritableDb } from '#db/handle.ts';
import { insertPrintJob, nextCopyNumber, type PrintJob } from '#db/printJobs.ts';
import type { ReceiptDocument } from '#drivers/printer/paper/document.ts';
import type { PrintOutput } from '#drivers/printer/printer.ts';
import { assert } from '#loyalty/assert.ts';
import { withCopyMark } from '#till/receipt.ts';

export function outputOf(job: PrintJob): PrintOutput {
  if (job.kind === 'drawer') return { kind: 'drawer' };
  assert(job.document !== null, 'a paper has a document');
  const document = JSON.parse(job.document) as ReceiptDocument;
  return { kind: 'document', document: withJobMark(withCopyMark(document, job.copyNumber), job) };
}

/** Its job and copy at the foot, so that two papers of a sale can be told apart. */
function withJobMark(document: ReceiptDocument, job: PrintJob): ReceiptDocument {
  const text = job.copyNumber === 0 ? `#${job.jobId}` : `#${job.jobId} / ${job.copyNumber}`;
  const mark = { type: 'text', text, align: 'right', bold: false, scale: 1 } as const;
  return { ...document, blocks: [...document.blocks, mark] };
}

/** Queues the next copy of this paper and gives its number. */
export function queueCopy(db: WritableDb, job: PrintJob, atMs: number): number {
  const { seq, kind, document } = job;
  const isSalePaper = seq !== null && (kind === 'receipt' || kind === 'void');
  const copyNumber = isSalePaper ? nextCopyNumber(db, seq, kind) : job.copyNumber + 1;
  insertPrintJob(db, { seq, kind, copyNumber, atMs, document });
  return copyNumber;
}
