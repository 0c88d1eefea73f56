// Owns the list of kinds that the programme language has, from its own schemas.
import { basketFile } from '#loyalty/files/basketFile.ts';
import { earningRule } from '#loyalty/programme/earning.ts';
import { reward } from '#loyalty/programme/reward.ts';

interface Union {
  readonly def: { readonly options: readonly { readonly def: { readonly shape: object } }[] };
}

function literalsOf(union: Union, key: string): ReadonlySet<string> {
  return new Set(
    union.def.options.flatMap(({ def }) => {
      const shape = def.shape as Record<string, { readonly def: { readonly values: string[] } }>;
      return shape[key]?.def.values ?? [];
    }),
  );
}

export const earningKinds = literalsOf(earningRule, 'kind');
export const rewardKinds = literalsOf(reward, 'kind');
export const occasionActions = literalsOf(basketFile, 'action');
