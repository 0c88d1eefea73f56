// Owns reading state and basket files: text in, a checked file or faults by path out.
import type * as z from 'zod/mini';
import { memberOwner } from '#loyalty/books/books.ts';
import { type BasketFile, basketFile } from '#loyalty/files/basketFile.ts';
import { openingLot, type StateFile, stateFile } from '#loyalty/files/stateFile.ts';
import { AMOUNT_MAX_MINOR } from '#loyalty/money.ts';
import { repeatedFaults } from '#loyalty/programme/fields.ts';
import { parseJson, pathText, schemaFaults } from '#loyalty/programme/parseProgramme.ts';
import type { ProgrammeFault } from '#loyalty/programme/programmeFaults.ts';
import { failure, type Result, success } from '#loyalty/result.ts';

/** Something wrong with a file: where, and what to write instead. */
export type FileFault = ProgrammeFault;

/** A basket of 10,000 lines with long names fits. */
const TEXT_LENGTH_MAX = 20_000_000;
const FAULTS_MAX = 50;

function parsed<Schema extends z.ZodMiniType>(
  text: string,
  schema: Schema,
  faultsOf: (file: z.output<Schema>) => readonly FileFault[],
): Result<z.output<Schema>, readonly FileFault[]> {
  const json = parseJson(text, TEXT_LENGTH_MAX);
  if (!json.ok) return json;
  const checked = schema.safeParse(json.value);
  const faults = checked.success ? faultsOf(checked.data) : schemaFaults(checked.error.issues);
  if (!checked.success || faults.length > 0) return failure(faults.slice(0, FAULTS_MAX));
  return success(checked.data);
}

/** The last day of a month; February has one more in some years. */
const DAYS_OF_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function birthdayFaults({ members }: StateFile): readonly FileFault[] {
  return members.flatMap(({ birthday }, index) => {
    const last = DAYS_OF_MONTH[(birthday?.month ?? 1) - 1] ?? 31;
    if (birthday === null || birthday.day <= last) return [];
    const message = `write at most ${last}, the last day of the month`;
    return [{ path: `$.members[${index}].birthday.day`, message }];
  });
}

/** A lot stands once: in the books, or in the short form of a member. */
function lotFaults({ members, books }: StateFile): readonly FileFault[] {
  const faults: FileFault[] = [];
  const known = new Set<string>();
  for (const [owner, accounts] of Object.entries(books)) {
    for (const [account, lots] of Object.entries(accounts)) {
      const path = `${pathText(['books', owner, account])}`;
      const ids = lots.map(({ lotId }, index) => ({
        path: `${path}[${index}].lotId`,
        value: lotId,
      }));
      faults.push(...repeatedFaults(ids));
      for (const { lotId } of lots) known.add(`${owner} ${account} ${lotId}`);
    }
  }
  members.forEach(({ memberId, balances, tier }, index) => {
    const owner = memberOwner(memberId);
    const message = 'remove it: the books have it already';
    for (const [account, held] of Object.entries(balances)) {
      if (!known.has(`${owner} ${account} ${openingLot(held)}`)) continue;
      faults.push({ path: pathText(['members', index, 'balances', account]), message });
    }
    if (tier !== null && known.has(`${owner} tier ${tier.tierId}`)) {
      faults.push({ path: `$.members[${index}].tier`, message });
    }
  });
  return faults;
}

function stateFaults(file: StateFile): readonly FileFault[] {
  const { members } = file;
  const ids = members.map(({ memberId }, index) => ({
    path: `$.members[${index}].memberId`,
    value: memberId,
  }));
  const cards = members.flatMap(({ cardNumber }, index) =>
    cardNumber === null ? [] : [{ path: `$.members[${index}].cardNumber`, value: cardNumber }],
  );
  return [
    ...repeatedFaults(ids),
    ...repeatedFaults(cards),
    ...birthdayFaults(file),
    ...lotFaults(file),
  ];
}

type Lines = Extract<BasketFile, { action: 'sale' }>['lines'];

/** What a line costs at most, tax on top included. */
function boundOf(line: Lines[number]): bigint {
  const { quantity, quantityMilli } = line;
  const thousandths = BigInt(quantityMilli === undefined ? quantity * 1000 : quantityMilli);
  const priceMinor = (BigInt(line.unitPriceMinor) * thousandths + 999n) / 1000n;
  const taxedMinor = (priceMinor * BigInt(10_000 + line.taxRateBasisPoints)) / 10_000n;
  return taxedMinor + BigInt(line.fixedTaxMinor ?? 0) * BigInt(line.quantity);
}

function weighedFaults(lines: Lines): readonly FileFault[] {
  return lines.flatMap(({ quantity, quantityMilli }, index) => {
    const message = 'write 1, or leave it out: a weighed line is one unit';
    const isRight = quantityMilli === undefined || quantity === 1;
    return isRight ? [] : [{ path: `$.lines[${index}].quantity`, message }];
  });
}

function linesFaults(lines: Lines): readonly FileFault[] {
  const numbers = lines.map(({ line }, index) => ({
    path: `$.lines[${index}].line`,
    value: String(line ?? index + 1),
  }));
  const faults = [...repeatedFaults(numbers), ...weighedFaults(lines)];
  const boundMinor = lines.reduce((sum, line) => sum + boundOf(line), 0n);
  if (boundMinor > BigInt(AMOUNT_MAX_MINOR)) {
    const message = `write lines of at most ${AMOUNT_MAX_MINOR} minor units together`;
    faults.push({ path: '$.lines', message });
  }
  return faults;
}

function basketFaults(basket: BasketFile): readonly FileFault[] {
  const isTwice = basket.memberId !== null && basket.cardNumber !== null;
  const message = 'write memberId or cardNumber, not both';
  return [
    ...(isTwice ? [{ path: '$.cardNumber', message }] : []),
    ...('lines' in basket ? linesFaults(basket.lines) : []),
  ];
}

/** Checks a state file. Each fault names its JSON path and what to write instead. */
export function parseState(text: string): Result<StateFile, readonly FileFault[]> {
  return parsed(text, stateFile, stateFaults);
}

/** Checks a basket file. Each fault names its JSON path and what to write instead. */
export function parseBasket(text: string): Result<BasketFile, readonly FileFault[]> {
  return parsed(text, basketFile, basketFaults);
}
