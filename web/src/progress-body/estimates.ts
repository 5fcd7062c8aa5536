import type { components } from '../api/schema';
import { t } from '../i18n';

/** Why an estimate has no value: what is not measured, else that the measurements give none that can be. */
export function reasonOf(of: components['schemas']['EstimateOut'], names: ReadonlyMap<string, string>): string {
  const missing = of.missing ?? [];
  return missing.length ? t('estimate.missing', { metrics: missing.map((slug) => names.get(slug) ?? slug).join(', ') }) : t('estimate.outside');
}
