import { testAccessibility } from './accessibility.ts';

testAccessibility('hc-dark', 'colours');
