// One window for all of them.
import './configs/configEditor.ts';
import './configs/exportSparkJob.ts';
