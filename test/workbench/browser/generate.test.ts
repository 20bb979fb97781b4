// One window for all of them. The last part leaves a config with a finding.
import './generate/configsTree.ts';
import './generate/keyboardOnly.ts';
import './generate/generate.ts';
