import { has, t } from '.';

/** What is measured, in the reader's language; a metric of somebody's own by the name it was given. */
export function metricName(slug: string | null | undefined, name: string): string {
  const key = slug?.replaceAll('-', '_') ?? '';
  return has(`metric.${key}`) ? t(`metric.${key}` as 'metric.waist') : name;
}
