// One window for all of them.
import './configs/configLooks.ts';
import './configs/configEditor.ts';
import './configs/exportSparkJob.ts';
