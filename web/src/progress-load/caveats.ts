import type { components } from '../api/schema';
import { t } from '../i18n';

// As many days as chronic load is a mean of, and its ratio to acute load needs (src/reptrail/progress/rules.py).
const NEEDED_DAYS = 28;

/** Where the numbers of load do not apply, in sentences. */
export function caveatsOf(load: Pick<components['schemas']['LoadOut'], 'days_known' | 'sessions' | 'sessions_without_load'>): string[] {
  const { days_known: days, sessions, sessions_without_load: without } = load;
  const found = days === 0 ? [t('load.caveat.none')] : days < NEEDED_DAYS ? [t('load.caveat.known', { count: days, needed: NEEDED_DAYS })] : [];
  return without ? [...found, t('load.caveat.without', { without, count: sessions })] : found;
}
