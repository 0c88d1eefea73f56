// Owns `npm run paper -- FILE.bin`: what a printer would make of these bytes, as text and picture.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { printerProfileById, printerProfiles } from '#drivers/printer/paper/profiles.ts';
import { nextToken } from '#drivers/virtual/commands.ts';
import { paperText } from '#drivers/virtual/paper.ts';
import { paperPng } from '#drivers/virtual/paperPng.ts';
import { createPrintHead } from '#drivers/virtual/printerHead.ts';

const SIZE_BYTES_MAX = 4 * 1024 * 1024;
/** A taller picture would be many metres of paper. */
const LINES_MAX = 5000;

const usage = `Usage: npm run paper -- FILE.bin [--printer PROFILE] [--out DIR]
PROFILE is one of: ${printerProfiles.map((profile) => profile.profileId).join(', ')}
`;

interface Request {
  readonly file: string;
  readonly profileId: string;
  readonly folder: string | null;
}

function readArguments(args: readonly string[]): Request | string {
  let file: string | null = null;
  let profileId = 'epson-80';
  let folder: string | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index] ?? '';
    const isOption = argument === '--printer' || argument === '--out';
    if (isOption) {
      index += 1;
      const value = args[index];
      if (value === undefined) return `${argument} needs a value.`;
      if (argument === '--printer') profileId = value;
      else folder = value;
    } else if (argument.startsWith('--')) return `No such option: ${argument}.`;
    else if (file !== null) return 'One file at a time.';
    else file = argument;
  }
  return file === null ? 'Which file?' : { file, profileId, folder };
}

async function readJob(file: string): Promise<Uint8Array | string> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return `${file} is not a file.`;
    if (found.size === 0) return `${file} is empty: there is nothing to print.`;
    if (found.size > SIZE_BYTES_MAX) {
      return `${file} is larger than ${SIZE_BYTES_MAX / 1024 / 1024} MB: not one print job.`;
    }
    return await readFile(file);
  } catch (error) {
    return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function hex(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** Runs the bytes through the virtual printer's parser; notes what it could not obey. */
function print(bytes: Uint8Array, profileId: string) {
  const profile = printerProfileById(profileId);
  if (profile === null) return null;
  const notes: string[] = [];
  let offset = 0;
  let lineCount = 0;
  const head = createPrintHead({
    widthDots: profile.widthDots,
    pages: profile.pages,
    onEvent: (event) => {
      if (event.type === 'line') lineCount += 1;
      if (event.type === 'drawer') notes.push(`offset ${offset}: drawer pulse`);
      if (event.type === 'rejected') {
        const shown = hex(event.bytes.slice(0, 8));
        notes.push(`offset ${offset}: unknown command or data: ${shown}`);
      }
    },
  });
  while (offset < bytes.length && lineCount < LINES_MAX) {
    const token = nextToken(bytes, offset);
    if (token === null) {
      notes.push(`offset ${offset}: the file ends inside a command`);
      break;
    }
    head.accept(token);
    offset += token.type === 'text' ? 1 : token.bytes.length;
  }
  if (lineCount >= LINES_MAX) notes.push(`offset ${offset}: stopped after ${LINES_MAX} lines`);
  // A last line without a line feed stays in the printer; here it is shown.
  head.accept({ type: 'command', name: 'ESC e', bytes: [0x1b, 0x65, 0] });
  return { paper: head.paper(), notes };
}

/** 0: written; 1: the file is no print job; 2: the command line was not understood. */
export async function main(args: string[]): Promise<number> {
  const request = readArguments(args);
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n${usage}`);
    return 2;
  }
  const bytes = await readJob(request.file);
  if (typeof bytes === 'string') {
    process.stderr.write(`${bytes}\n`);
    return 1;
  }
  const printed = print(bytes, request.profileId);
  if (printed === null) {
    process.stderr.write(`No printer profile is named ${request.profileId}.\n${usage}`);
    return 2;
  }
  const name = basename(request.file, extname(request.file));
  const start = join(request.folder ?? dirname(request.file), name);
  try {
    await writeFile(`${start}.txt`, paperText(printed.paper));
    await writeFile(`${start}.png`, paperPng(printed.paper));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The paper cannot be written: ${detail}\n`);
    return 1;
  }
  for (const note of printed.notes) process.stdout.write(`${note}\n`);
  process.stdout.write(`${start}.txt\n${start}.png\n`);
  return 0;
}
