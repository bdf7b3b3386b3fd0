/**
 * Why a text gives no value, with the place in the text.
 *
 * @public
 */
export interface YamlProblem {
  message: string;
  /** 1-based, inside the text */
  line: number;
  /** 1-based */
  column: number;
}
