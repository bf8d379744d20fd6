from django.contrib.postgres.operations import (
    BloomExtension,
    BtreeGinExtension,
    CITextExtension,
    CreateCollation,
    CreateExtension,
    CryptoExtension,
    RemoveCollation,
    TrigramExtension,
    UnaccentExtension,
)
from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [("yard", "0011_renamed_target")]

    operations = [
        BloomExtension(),
        BtreeGinExtension(),
        CITextExtension(),
        CryptoExtension(),
        TrigramExtension(),
        UnaccentExtension(),
        CreateExtension("uuid-ossp"),
        CreateExtension(name="uuid-ossp"),
        CreateCollation("plain", "C"),
        CreateCollation(name="numeric", locale="en-u-kn-true", provider="icu"),
        CreateCollation("folded", "und-u-ks-level2", provider="icu", deterministic=False),
        CreateCollation("Mixed Case", "C", provider="libc", deterministic=True),
        RemoveCollation("numeric", "en-u-kn-true", provider="icu"),
        RemoveCollation("folded", "und-u-ks-level2", provider="icu", deterministic=False),
    ]
