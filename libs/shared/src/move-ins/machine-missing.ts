import { AppError } from '../errors';

/** Of rows that do not say which machine they are of. */
export class MachineMissing extends AppError {
  constructor() {
    super('invalid_input', 'this source does not say which machine it is of', {
      hint: 'Say it: --machine LABEL. coffee-roadmap machines lists yours, init names this one.',
    });
  }
}
