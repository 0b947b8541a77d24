"""What a user can mend, one class each. The message is one line: what, where, and what mends it.

DatelineError
├── FolderMissing       the articles' folder is not there
├── FolderEmpty         it holds no articles (and the store may: nothing is deleted)
├── StoreError          the store on disk can't be used as it is
│   ├── StoreMissing    deleted while in use
│   ├── StoreBusy       another process is writing it
│   ├── StoreElsewhere  it belongs to another folder
│   └── StoreMismatch   made with another embedding model or an older layout
├── ArticleMissing      no article of that name in the store
├── QuestionError       a question that can't be asked: empty, too long
├── TestSetError        a line of a test set that can't be used
└── ModelError          a chat model that can't be reached, or that refuses
"""


class DatelineError(Exception):
    """Something the user can mend; `str(error)` is one line for them to read."""


class FolderMissing(DatelineError):
    pass


class FolderEmpty(DatelineError):
    pass


class StoreError(DatelineError):
    pass


class StoreMissing(StoreError):
    pass


class StoreBusy(StoreError):
    pass


class StoreElsewhere(StoreError):
    pass


class StoreMismatch(StoreError):
    pass


class ArticleMissing(DatelineError):
    pass


class QuestionError(DatelineError):
    pass


class TestSetError(DatelineError):
    __test__ = False  # not a test case, whatever pytest makes of its name


class ModelError(DatelineError):
    pass
