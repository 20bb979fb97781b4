/**
 * In the place of Spark: prints the steps when their rows are computed. `TOGETHER`: steps that wait for each other.
 * `FAILS`: steps that fail, each after those before it. `HANGS`: a step that ends when it is cancelled. `FULL`: a step
 * without groups that need more attempts. `ITEMS`, `TEXTS`, `LENGTH`: the items of a pool. `SHORT`: groups that the
 * first attempts do not fill. `EXCLUDED`: what their users exclude. `TIMES`: which of both are repeated, and how often.
 */
export const pyspark = `import json, os, re, threading

def names(variable):
    return os.environ.get(variable, "").split()

together = threading.Barrier(max(1, len(names("TOGETHER"))))
failed = {name: threading.Event() for name in names("FAILS")}
cancelled, hangs = threading.Event(), threading.Event()
PATIENCE = 60


running = threading.local()


class Place:
    """A path of Hadoop, its address and its file system, in which every path exists."""

    def __init__(self, text):
        scheme, _, rest = text.partition("://")
        self.scheme, self.authority, self.path = scheme, rest.split("/")[0], rest[len(rest.split("/")[0]) :]

    def getFileSystem(self, settings):
        return self

    def makeQualified(self, path):
        return path

    def exists(self, path):
        return path.path in ("", "/") or path.path in json.loads(os.environ.get("LINKS", "{}"))

    def getParent(self):
        parent = self.path.rpartition("/")[0]
        return None if self.path in ("", "/") else Place(f"{self.scheme}://{self.authority}{parent or '/'}")

    def getName(self):
        return self.path.rpartition("/")[2]

    def resolvePath(self, path):
        link = json.loads(os.environ.get("LINKS", "{}")).get(path.path, path.path)
        return Place(f"{path.scheme}://{path.authority}{link}")

    def toUri(self):
        return self

    def getScheme(self):
        return self.scheme

    def getAuthority(self):
        return self.authority

    def getPath(self):
        return self.path


class Context:
    def setJobDescription(self, name):
        running.step = name

    def addJobTag(self, tag):
        self.tag = tag

    def cancelJobsWithTag(self, tag):
        assert tag == self.tag
        print("cancelled", flush=True)
        cancelled.set()
        # As a context that has stopped.
        raise RuntimeError("stopped")


class SparkSession:
    sparkContext = Context()

    class _jsc:
        hadoopConfiguration = staticmethod(lambda: None)

    class builder:
        @staticmethod
        def appName(name):
            return SparkSession.builder

        @staticmethod
        def getOrCreate():
            return SparkSession()

    def stop(self):
        print("stopped", flush=True)

    def sql(self, statement):
        if "@text" in statement:
            print("read " + json.dumps(statement.split("@text")[1]) + "\\n", end="", flush=True)
        if statement.lstrip().startswith("INSERT "):
            compute()
        (read,) = re.findall(r"FROM (\\w+)\\nWHERE missing > 0L$", statement.strip()) or [""]
        # Of tables that the driver makes.
        if statement.startswith("SELECT from_json("):
            return Rows(parsed(statement))
        if re.match(r"SELECT (\\d+L AS total|inline\\()", statement):
            return Rows(statement)
        if statement.strip().endswith("FROM excluded_0"):
            return Known(map(tuple, known_rows("EXCLUDED")))
        return Groups(read) if read else Rows()

    @property
    def read(self):
        return Reader()

    def table(self, name):
        if name.endswith("__items"):
            assert name in views
            return Table()
        assert is_ready(name)
        return Rows()

    class conf:
        @staticmethod
        def set(name, value):
            print(f"set {name}={value}", flush=True)

    class _jvm:
        class java:
            class util:
                class Collections:
                    singletonList = staticmethod(lambda line: [line])
                    emptyList = staticmethod(lambda: [])

        class org:
            class apache:
                class hadoop:
                    class fs:
                        class Path:
                            def __new__(cls, text):
                                return Place(text)

                class spark:
                    class sql:
                        class Encoders:
                            STRING = staticmethod(lambda: "texts")

    class _jsparkSession:
        @staticmethod
        def createDataFrame(rows, schema):
            return Kept(rows)

        @staticmethod
        def createDataset(lines, encoder):
            assert encoder == "texts"
            return Texts(lines)


class Rows:
    """Of a query, which is computed when its rows are written or collected."""

    schema = "the schema"

    def __init__(self, known=None):
        self.known = known

    @property
    def _jdf(self):
        return Java(self.known)

    @property
    def write(self):
        return self

    def mode(self, name):
        assert name == "overwrite"
        return self

    def parquet(self, folder):
        assert not running.step.startswith("check_")
        compute()
        folders.add(folder)

    def collect(self):
        compute()

    def limit(self, count):
        assert count == 0
        return Rows([])

    def createOrReplaceTempView(self, name):
        if isinstance(self.known, str):
            assert name.split("__")[0] == running.step.split("__")[0]
            print(f"view {name}: {self.known}\\n", end="", flush=True)
        else:
            assert name == running.step
        views.add(name)


def is_ready(step):
    return step in kept or step in views or any(folder.endswith("/" + step) for folder in folders)


class Field:
    def __init__(self, name, kind="bigint"):
        self.name, self.dataType = name, type("Type", (), {"simpleString": lambda self: kind})()


class Group(tuple):
    names = ("user", "part", "k0", "k1", "quota", "items", "own")

    def __getitem__(self, name):
        return tuple.__getitem__(self, self.names.index(name) if isinstance(name, str) else name)


def known_rows(variable):
    repeated, times = names("TIMES") or ["", ""]
    return json.loads(os.environ[variable]) * (int(times) if repeated == variable else 1)


class Known:
    """Rows that are collected up to a limit."""

    def __init__(self, rows):
        self.rows = list(rows)

    def limit(self, count):
        return Known(self.rows[:count])

    def collect(self):
        return self.rows


class Groups(Rows):
    """Those of a step that are not full."""

    schema = [Field(name, "array<bigint>" if name == "items" else "bigint") for name in Group.names]

    def __init__(self, step):
        super().__init__()
        self.step = step

    def limit(self, count):
        assert is_ready(self.step)
        return self if count == 1 else Known(map(Group, known_rows("SHORT"))).limit(count)

    def collect(self):
        return [] if self.step in full else ["a group"]


class Texts:
    def __init__(self, lines):
        self.lines = lines

    def createOrReplaceTempView(self, name):
        texts[name] = self.lines


def parsed(statement):
    assert ", map('mode', 'FAILFAST')) AS tables FROM " in statement
    rows = [json.loads(line) for line in texts[statement.split()[-1]]]
    for tables in rows:
        for table, lists in tables.items():
            assert f"{table}: STRUCT<" + ", ".join(f"\`{name}\`: ARRAY<" for name in list(lists)[:1]) in statement
    return rows


class Java:
    def __init__(self, known):
        self.known = known

    def collectAsList(self):
        if self.known is None:
            compute()
        return self.known

    def schema(self):
        return Rows.schema


class Kept:
    def __init__(self, rows):
        self.rows = rows

    def createOrReplaceTempView(self, name):
        kept.add(name)
        if self.rows == []:
            full.add(name)
        print("kept " + name + " " + json.dumps(self.rows) + "\\n", end="", flush=True)


class Item(tuple):
    def __getitem__(self, name):
        return tuple.__getitem__(self, ("item", "weight").index(name))


class Table:
    """The items of a pool."""

    schema = [Field("item"), Field("weight")]

    def limit(self, count):
        self.count = count
        return self

    def collect(self):
        # In any order.
        known = [Item((8, 1)), Item((7, 3)), *(Item((9 + k, 1)) for k in range(int(os.environ["ITEMS"]) - 2))]
        texts = [Item((text, 1)) for text in json.loads(os.environ.get("TEXTS", "[]"))]
        if "LENGTH" in os.environ:
            texts = [Item(("a" * int(os.environ["LENGTH"]), 1))]
        return (texts or known[: int(os.environ["ITEMS"])])[: self.count]


class Reader:
    types = None
    columns = ["x"]

    def options(self, **options):
        return self

    def format(self, name):
        assert name == "parquet"
        return self

    def load(self):
        # Of a check of columns.
        compute()
        return self

    def schema(self, schema):
        self.types = schema
        return self

    def parquet(self, folder):
        assert folder in folders
        # Without types, Spark would read them from a file.
        assert self.types == Rows.schema
        return self

    def createOrReplaceTempView(self, name):
        assert name == running.step


folders, views, kept, full, texts = set(), set(), set(), set(names("FULL")), {}


def compute():
    step = running.step
    if step in names("TOGETHER"):
        together.wait(PATIENCE)
    if step in names("HANGS"):
        hangs.set()
        assert cancelled.wait(PATIENCE)
        raise RuntimeError(step + " was cancelled")
    if step in failed:
        if names("HANGS"):
            assert hangs.wait(PATIENCE)
        for other in names("FAILS"):
            if other == step:
                break
            assert failed[other].wait(PATIENCE)
        failed[step].set()
        raise RuntimeError(step + " failed")
    print("computed " + step + "\\n", end="", flush=True)
`;
