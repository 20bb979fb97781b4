import { testAccessibility } from './accessibility.ts';

testAccessibility('hc-light', 'colours');
