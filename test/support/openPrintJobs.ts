// Owns what a test sees of the print queue: every job that is not over, whatever its state.
import { connectionOf, type WritableDb } from '#db/handle.ts';
import { type PrintJob, printJobById } from '#db/printJobs.ts';
import { assert } from '#loyalty/assert.ts';

/** Oldest first. */
export function openPrintJobs(db: WritableDb): PrintJob[] {
  const sql = `SELECT job_id FROM print_job WHERE state NOT IN ('confirmed', 'cancelled')
    ORDER BY job_id`;
  const ids = connectionOf(db).prepare(sql).pluck().all() as number[];
  return ids.map((jobId) => {
    const job = printJobById(db, jobId);
    assert(job !== null, 'the job is there');
    return job;
  });
}
