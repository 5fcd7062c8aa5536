/** What a coach may be let see and do. */
import type { components } from '../api/schema';
import { t } from '../i18n';

export type CoachScope = components['schemas']['CoachScope'];

export const SCOPES: CoachScope[] = ['training:read', 'training:write', 'program:assign', 'measurements:read', 'measurements:write'];

const NEEDS: Partial<Record<CoachScope, CoachScope>> = {
  'training:write': 'training:read',
  'program:assign': 'training:read',
  'measurements:write': 'measurements:read',
};

/** The scopes that others among them need: who may write may read. */
export const implied = (scopes: readonly CoachScope[]): Set<CoachScope> => new Set(scopes.flatMap((scope) => NEEDS[scope] ?? []));

/** Scopes with all that they need, in their order. */
export function whole(scopes: readonly CoachScope[]): CoachScope[] {
  const needed = implied(scopes);
  return SCOPES.filter((scope) => scopes.includes(scope) || needed.has(scope));
}

/** Scopes in plain words, in a line. */
export const scopesText = (scopes: readonly CoachScope[]): string => whole(scopes).map((scope) => t(`sharing.scope.${scope}`)).join(' · ');
