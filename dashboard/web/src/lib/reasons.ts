/** Why routing ended a stay or moved it, by the codes of the engine. */
const words: Record<string, string> = {
  "route.step": "a route of the step",
  "route.cadence": "a route of the cadence",
  "route.default": "the outcome's own route",
  "retry.exhausted": "all retries were used",
  "numbers.all_called": "every number was called",
  "numbers.none_left": "no number is left to call",
  dnc: "the person said no",
  "runs.done": "all steps are done",
  "re_entry.never": "nobody enters this cadence again",
  erased: "the person was erased",
};

/** Why a stay ended, in words; what is no code of the engine is a person's own text, or a rule's id, and stays. */
export const endReason = (reason: string): string => words[reason] ?? reason;
