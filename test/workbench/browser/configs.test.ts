// One window for all of them. The pictures of the first part show the Problems view as in a new window. The last part
// leaves a config with a finding.
import './configs/configLooks.ts';
import './configs/configsTree.ts';
import './configs/configEditor.ts';
import './configs/exportSparkJob.ts';
import './configs/keyboardOnly.ts';
import './configs/generate.ts';
