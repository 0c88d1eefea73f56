// Owns what the schema of a programme file cannot say: values that must fit each other.
import { isTimeZone } from '#loyalty/calendar.ts';
import { parseInstantIso } from '#loyalty/instant.ts';
import { currencyExponent } from '#loyalty/money.ts';
import type { EarningRuleFile, TableRowFile } from '#loyalty/programme/earning.ts';
import { repeatedFaults } from '#loyalty/programme/fields.ts';
import type { ProgrammeFile } from '#loyalty/programme/programmeFile.ts';
import { referenceFaults } from '#loyalty/programme/referenceFaults.ts';
import { senseFaults } from '#loyalty/programme/senseFaults.ts';

/** Something wrong with a programme file: where, and what to write instead. */
export interface ProgrammeFault {
  /** JSON path: `$.earning.rules[2].points`. */
  readonly path: string;
  readonly message: string;
}

function dateFaults(file: ProgrammeFile): ProgrammeFault[] {
  const fromMs = parseInstantIso(file.effectiveFromIso);
  const toMs = file.effectiveToIso === null ? null : parseInstantIso(file.effectiveToIso);
  const faults: ProgrammeFault[] = [];
  if (fromMs !== null && toMs !== null && toMs <= fromMs) {
    const message = 'write an instant after effectiveFromIso, or null for no end';
    faults.push({ path: '$.effectiveToIso', message });
  }
  if (!isTimeZone(file.timeZone)) {
    faults.push({
      path: '$.timeZone',
      message: 'write an IANA time zone such as "Europe/Istanbul"',
    });
  }
  return faults;
}

function cardFaults({ memberPrefix, luhn }: ProgrammeFile['cards']): ProgrammeFault[] {
  if (luhn === null) return [];
  const faults: ProgrammeFault[] = [];
  if (luhn.length < luhn.prefix.length + 2) {
    const message = `write more than ${luhn.prefix.length + 1}: prefix, a number and a check digit`;
    faults.push({ path: '$.cards.luhn.length', message });
  }
  const isSameStart = memberPrefix !== null && areAlike(luhn.prefix, memberPrefix);
  if (isSameStart) {
    const message = `write a prefix that differs from memberPrefix "${memberPrefix}"`;
    faults.push({ path: '$.cards.luhn.prefix', message });
  }
  return faults;
}

/** Digits of a label before the check digit of the whole. */
const LABEL_DIGITS = 12;
/** A weight is counted in thousandths of its unit. */
const WEIGHT_DECIMALS_MAX = 3;

function areAlike(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function scaleLabelFaults(file: ProgrammeFile): ProgrammeFault[] {
  const { cards, partners, scaleLabels } = file;
  const cardPrefixes = [
    ...(cards.memberPrefix === null ? [] : [cards.memberPrefix]),
    ...partners.map(({ cardPrefix }) => cardPrefix),
  ];
  return scaleLabels.flatMap((label, index) => {
    const path = `$.scaleLabels[${index}]`;
    const faults: ProgrammeFault[] = [];
    const { prefix, itemDigits, valueDigits, hasValueCheckDigit, decimals } = label;
    const rest = LABEL_DIGITS - prefix.length - itemDigits - (hasValueCheckDigit ? 1 : 0);
    if (valueDigits !== rest) {
      const message = `write ${rest}, or change the others: all digits together are 12`;
      faults.push({ path: `${path}.valueDigits`, message });
    }
    if (hasValueCheckDigit && valueDigits !== 4 && valueDigits !== 5) {
      const message = 'write false: only values of 4 or 5 digits have a check digit of their own';
      faults.push({ path: `${path}.hasValueCheckDigit`, message });
    }
    const isPrice = label.measures === 'price';
    const decimalsMax = isPrice ? currencyExponent(file.currency) : WEIGHT_DECIMALS_MAX;
    if (decimals > decimalsMax) {
      const message = `write at most ${decimalsMax}: there is nothing smaller to pay or weigh`;
      faults.push({ path: `${path}.decimals`, message });
    }
    const others = [...cardPrefixes, ...scaleLabels.slice(0, index).map((one) => one.prefix)];
    const rival = others.find((other) => areAlike(other, prefix));
    if (rival !== undefined) {
      const message = `write a prefix that differs from "${rival}", which is used already`;
      faults.push({ path: `${path}.prefix`, message });
    }
    return faults;
  });
}

/** Every name must be written in each language of the programme, and in no other. */
function languageFaults(
  value: unknown,
  path: string,
  languages: readonly string[],
): ProgrammeFault[] {
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => languageFaults(inner, `${path}[${index}]`, languages));
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}.${key}`;
    const isName = key === 'name' || ((key === 'one' || key === 'other') && path !== '$');
    const isLine = /\.(header|footer)$/.test(path.replace(/\[\d+\]$/, ''));
    if (isName && typeof inner === 'object' && inner !== null)
      return nameFaults(inner, at, languages);
    if (isLine) return [];
    return languageFaults(inner, at, languages);
  });
}

function nameFaults(name: object, path: string, languages: readonly string[]): ProgrammeFault[] {
  const written = Object.keys(name);
  return [
    ...languages
      .filter((language) => !written.includes(language))
      .map((language) => ({
        path: `${path}.${language}`,
        message: `is missing: write the text in "${language}"`,
      })),
    ...written
      .filter((language) => !languages.includes(language))
      .map((language) => ({
        path: `${path}.${language}`,
        message: `remove it, or add "${language}" to languages`,
      })),
  ];
}

function rowFaults(row: TableRowFile, path: string): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  const isMoney = row.points !== undefined || row.perMinor !== undefined;
  const ways = [isMoney, row.pointsPerUnit !== undefined, row.isExcluded === true].filter(Boolean);
  if (ways.length !== 1) {
    const message = 'write one of: points with perMinor, pointsPerUnit, "isExcluded": true';
    faults.push({ path, message });
  }
  for (const key of ['points', 'perMinor'] as const) {
    if (isMoney && row[key] === undefined) {
      faults.push({
        path: `${path}.${key}`,
        message: 'write it: a rate is points per minor units',
      });
    }
  }
  return faults;
}

/** No two rows may claim one sku, type, tag, or the rest. */
function tableFaults(rows: readonly TableRowFile[], path: string): ProgrammeFault[] {
  const claims = rows.flatMap((row, index) => {
    const at = `${path}.rows[${index}]`;
    const of = (kind: 'skus' | 'productTypes' | 'tags') =>
      (row[kind] ?? []).map((value, place) => ({
        path: `${at}.${kind}[${place}]`,
        value: `${kind} ${value}`,
      }));
    const own = [...of('skus'), ...of('productTypes'), ...of('tags')];
    return own.length > 0 ? own : [{ path: at, value: 'all other lines' }];
  });
  return [
    ...rows.flatMap((row, index) => rowFaults(row, `${path}.rows[${index}]`)),
    ...repeatedFaults(claims),
  ];
}

function ruleFaults(rule: EarningRuleFile, path: string): ProgrammeFault[] {
  switch (rule.kind) {
    case 'table':
      return tableFaults(rule.rows, path);
    case 'bands':
      return bandFaults(rule.bands, path);
    case 'fixed':
      return rule.nudgeWithinMinor === undefined || rule.when.basketAtLeastMinor !== undefined
        ? []
        : [
            {
              path: `${path}.nudgeWithinMinor`,
              message: 'remove it, or write when.basketAtLeastMinor: the amount to come near to',
            },
          ];
    case 'multiplier':
      return /^(0|1)(\.0*)?$|^0\./.test(rule.factor)
        ? [{ path: `${path}.factor`, message: 'write a factor above 1, such as "2"' }]
        : [];
    case 'money':
    case 'units':
    case 'visit':
    case 'streak':
    case 'challenge':
    case 'event':
    case 'enrolment':
    case 'referral':
    case 'lucky':
    case 'share':
      return [];
  }
}

function bandFaults(
  bands: readonly { readonly upToMinor: number | null }[],
  path: string,
): ProgrammeFault[] {
  const faults: ProgrammeFault[] = [];
  let from = 0;
  bands.forEach(({ upToMinor }, index) => {
    const at = `${path}.bands[${index}].upToMinor`;
    const isLast = index === bands.length - 1;
    if (upToMinor === null) {
      if (!isLast) faults.push({ path: at, message: 'write null on the last band only' });
      return;
    }
    if (upToMinor <= from) {
      const message = `write more than ${from}: bands go upwards and must not overlap`;
      faults.push({ path: at, message });
    }
    from = Math.max(from, upToMinor);
  });
  return faults;
}

function tierFaults(file: ProgrammeFile): ProgrammeFault[] {
  const { levels } = file.tiers;
  const place = new Map(levels.map((level, index) => [level.tierId, index]));
  const faults: ProgrammeFault[] = [];
  levels.forEach((level, index) => {
    const path = `$.tiers.levels[${index}]`;
    const below = levels[index - 1];
    if (below === undefined && level.from !== 0) {
      faults.push({ path: `${path}.from`, message: 'write 0: the first tier begins at 0' });
    }
    if (below !== undefined && level.from <= below.from) {
      const message = `write more than ${below.from}, where the tier below begins`;
      faults.push({ path: `${path}.from`, message });
    }
    const target = level.downgradesTo;
    // A name that no tier has is a fault of its own.
    if (target !== undefined && (place.get(target) ?? -1) >= index) {
      const message = `write a tier below "${level.tierId}": tiers must not go round in a cycle`;
      faults.push({ path: `${path}.downgradesTo`, message });
    }
  });
  return faults;
}

/** What can be spent only once it has lapsed is of no use to anybody. */
function pendingFaults({ accounts }: ProgrammeFile): ProgrammeFault[] {
  return accounts.flatMap(({ expiry, pendingDays }, index) => {
    if (expiry?.kind !== 'days' || pendingDays < expiry.days) return [];
    const message = `write less than ${expiry.days}: points would lapse before they can be spent`;
    return [{ path: `$.accounts[${index}].pendingDays`, message }];
  });
}

/** All of them, in the order of the file as far as that helps. */
export function programmeFaults(file: ProgrammeFile): ProgrammeFault[] {
  return [
    ...dateFaults(file),
    ...cardFaults(file.cards),
    ...scaleLabelFaults(file),
    ...languageFaults(file, '$', file.languages),
    ...file.earning.rules.flatMap((rule, index) => ruleFaults(rule, `$.earning.rules[${index}]`)),
    ...tierFaults(file),
    ...pendingFaults(file),
    ...referenceFaults(file),
    ...senseFaults(file),
  ];
}
