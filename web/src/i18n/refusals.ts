/** A refusal in the reader's language. Its words are fetched with the first refusal (api/client.ts), since most days bring none. */
import { telling, type FieldProblem, type Problem } from '../api/client';
import { has, t } from '.';
import { said } from './said';

function titleOf(problem: Partial<Problem>): string | undefined {
  const slug = problem.type?.split(':').at(-1)?.replaceAll('-', '_') ?? '';
  return has(`problem.${slug}`) ? t(`problem.${slug}` as 'problem.invalid') : problem.title;
}

telling.detail = (of: Partial<FieldProblem>): string | undefined => said(['refusal'], of) ?? of.detail;
telling.title = titleOf;
