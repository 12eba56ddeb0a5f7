// Catalogues are loaded when they are spoken; tests read English.
import { speak } from '../src/words';

await speak('en');
