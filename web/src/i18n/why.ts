import { said, type Said } from './said';

/** Why a prescription asks what it asks; one from before reasons had codes in the words of then. */
export const reasonOf = (of: { reason: string; inputs?: { said?: unknown } | null }): string => said(['why'], of.inputs?.said as Said | null | undefined) ?? of.reason;
