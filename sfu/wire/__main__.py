"""`python -m sfu.wire` writes `sfu/wire/schema.json` anew from the messages."""

from sfu.wire import schema

schema.FILE.write_text(schema.text(), encoding="utf-8")
print(f"wrote {schema.FILE.name}")
