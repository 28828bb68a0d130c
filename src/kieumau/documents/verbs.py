"""What can be done to documents, as the log says it."""

from kieumau.audit.verbs import verb

ADD = verb(
    "document.add",
    vi="{actor} đưa văn bản {object} vào kho minh chứng",
    en="{actor} put the document {object} on the shelf",
)
CHANGE = verb(
    "document.change",
    vi="{actor} sửa thông tin văn bản {object}",
    en="{actor} changed what is said of the document {object}",
)
DELETE = verb(
    "document.delete", vi="{actor} xóa văn bản {object}", en="{actor} deleted the document {object}"
)
SEAL = verb("document.seal", vi="{actor} khóa văn bản {object}", en="{actor} sealed the document {object}")
ADD_FILE = verb(
    "document.add_file",
    vi="{actor} thêm tệp vào văn bản {object}",
    en="{actor} added a file to the document {object}",
)
REMOVE_FILE = verb(
    "document.remove_file",
    vi="{actor} gỡ tệp khỏi văn bản {object}",
    en="{actor} removed a file from the document {object}",
)
