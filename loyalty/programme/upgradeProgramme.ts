// Owns reading programme files of form 1, which earlier versions of this till wrote.

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** `{ en: { one, other } }` was the form of names; now it is `{ one: { en }, other: { en } }`. */
function pluralNames(value: unknown): Json {
  const byLanguage = isObject(value) ? value : {};
  const form = (key: string) =>
    Object.fromEntries(
      Object.entries(byLanguage).map(([language, forms]) => [
        language,
        isObject(forms) ? forms[key] : undefined,
      ]),
    );
  return { one: form('one'), other: form('other') };
}

function table(earning: Json): Json {
  const base = isObject(earning['base']) ? earning['base'] : {};
  const rows = objects(earning['productTypes']).map(({ productType, excluded, ...row }) => ({
    ...row,
    productTypes: [productType],
    ...(excluded === true ? { isExcluded: true } : {}),
  }));
  return {
    kind: 'table',
    ruleId: 'purchase',
    name: base['name'],
    isMultipliedByTier: true,
    rows: [base, ...rows],
  };
}

/**
 * The same programme in form 2. Whatever is wrong in it stays wrong and is found by the schema of
 * form 2; a till that cached such a file before an update goes on with it.
 */
export function upgradeProgramme(value: unknown): unknown {
  if (!isObject(value) || value['schema'] !== 1) return value;
  const { schema, pointsName, earning, tiers, rewards, ...rest } = value;
  const names = isObject(pointsName) ? Object.keys(pointsName) : [];
  const ladder = isObject(rewards) ? objects(rewards['ladder']) : [];
  return {
    ...rest,
    schema: 2,
    languages: names,
    pointsName: pluralNames(pointsName),
    earning: { rules: isObject(earning) ? [table(earning)] : [] },
    tiers: {
      levels: objects(tiers).map(({ fromPoints, ...level }) => ({ ...level, from: fromPoints })),
    },
    rewards: {
      list: ladder.map(({ rewardId, points, amountOffMinor }) => ({
        kind: 'amount-off',
        rewardId,
        // Form 1 had no names for rewards: the till's own words named them by their money.
        name: Object.fromEntries(names.map((language) => [language, String(rewardId)])),
        cost: { points },
        // Form 1 gave no reward that was worth more than what was left to pay.
        when: { basketAtLeastMinor: amountOffMinor, thresholdTaxes: 'included' },
        amountOffMinor,
      })),
    },
  };
}
