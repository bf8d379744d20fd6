//! Small projects in which a hole added a finding, once.

use std::path::Path;

use crate::punch::Hole;

/// What holes in real packages showed, by the bodies of migrations and a module of models; what stands between `<` and
/// `>` is the hole.
pub const ONCE_ADDED: [(&str, &[(&str, &str)]); 17] = [
    (
        "a constraint whose name is not known may be the one that is dropped",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField())]),
        migrations.AddConstraint('order', models.CheckConstraint(condition=models.Q(n__gt=0), name=<'positive'>))]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('ALTER TABLE shop_order DROP CONSTRAINT positive')]",
            ),
        ],
    ),
    (
        "a constraint whose name is not known has no name that the server would choose",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField())]),
        migrations.AddConstraint('order', models.CheckConstraint(condition=models.Q(n__gt=0), name=<'positive'>))]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('ALTER TABLE shop_order ADD CONSTRAINT shop_order_n_check CHECK (n != 9) NOT VALID')]",
            ),
        ],
    ),
    (
        "a squash may replace what else would close a cycle",
        &[
            ("0001_a", "dependencies = []"),
            ("0002_b", "dependencies = [('shop', '0001_a')]"),
            ("0003_c", "dependencies = [('shop', '0002_b')]"),
            (
                "0001_squashed",
                "replaces = [('shop', '0001_a'), ('shop', <'0002_b'>), ('shop', '0003_c')]",
            ),
        ],
    ),
    (
        "the type that a key had is the one that it gets",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', <[('id', models.AutoField(primary_key=True))]>),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tags', models.ManyToManyField('shop.Tag'))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RenameModel('Tag', 'Label')]",
            ),
        ],
    ),
    (
        "the parent may be dropped, too",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('note', models.TextField()),
        ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RemoveField('order', 'tag'), <migrations.RemoveField('order', 'note')>, migrations.DeleteModel('Tag')]",
            ),
        ],
    ),
    (
        "a key that is made again is validated",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), (<'note'>, models.TextField()),
        ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('order', 'tag', models.ForeignKey('shop.Tag', models.SET_NULL, null=True))]",
            ),
        ],
    ),
    (
        "the columns of a view are not absent",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField())]),
        migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True)), ('note', <models.TextField>())]),
        migrations.RunSQL('CREATE MATERIALIZED VIEW large AS SELECT id AS order_id FROM shop_order')]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.RunSQL('CREATE UNIQUE INDEX IF NOT EXISTS large_order ON large (order_id)')]",
            ),
        ],
    ),
    (
        "a model that is not known may have the table that the key leads to",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Old', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tag', models.ForeignKey('shop.Old', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[<migrations.CreateModel>('Tag', [('id', models.AutoField(primary_key=True))], options={'db_table': 'shop_old'})]),
        migrations.AlterField('order', 'tag', models.ForeignKey('shop.Tag', models.CASCADE))]",
            ),
        ],
    ),
    (
        "a key whose target is not known may stay",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('order', 'tag', models.ForeignKey(<'shop.Tag'>, models.CASCADE, help_text='where'))]",
            ),
        ],
    ),
    (
        "a type that is not known may be the one that was there",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('code', models.SlugField(max_length=128))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('order', 'code', models.SlugField(max_length=<128>, help_text='a word'))]",
            ),
        ],
    ),
    (
        "a key of a type that is not known may keep those that point at it",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('code', models.CharField(max_length=9, primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('tag', 'code', models.CharField(max_length=<9>, primary_key=True, help_text='a word'))]",
            ),
        ],
    ),
    (
        "the table between two models may stay as it is",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tags', models.ManyToManyField('shop.Tag', related_name='orders'))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.AlterField('order', 'tags', models.ManyToManyField(<'shop.Tag'>))]",
            ),
        ],
    ),
    (
        "a field that is not known may have a table between two models",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tags', <models.ManyToManyField('shop.Tag')>)])]",
            ),
            (
                "models",
                "from django.db import models


class Tag(models.Model):
    id = models.AutoField(primary_key=True)


class Order(models.Model):
    id = models.AutoField(primary_key=True)
    tags = models.ManyToManyField(Tag)
",
            ),
        ],
    ),
    (
        "what a squash may replace may never run",
        &[
            (
                "0001_a",
                "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))])]",
            ),
            (
                "0002_b",
                "dependencies = [('shop', '0001_a')]
    operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
            (
                "0001_squashed_0002_b",
                "replaces = [('shop', <'0001_a'>), ('shop', '0002_b')]
    operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('tag', models.ForeignKey('shop.Tag', models.CASCADE))])]",
            ),
        ],
    ),
    (
        "a constraint may be over what is not known of a new table",
        &[(
            "0001_a",
            "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', <models.IntegerField>())],
        options={'constraints': [models.UniqueConstraint(fields=['n'], name='distinct')]})]",
        )],
    ),
    (
        "a key that waits for the end of the migration is not added twice",
        &[(
            "0001_a",
            "operations = [migrations.CreateModel('Tag', [('id', models.AutoField(primary_key=True))]),
        migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField()),
        ('tag', models.ForeignKey('shop.Tag', models.CASCADE, null=True))]),
        migrations.AlterField('order', 'n', <models.BigIntegerField()>),
        migrations.AlterField('order', 'tag', models.ForeignKey('shop.Tag', models.CASCADE))]",
        )],
    ),
    (
        "a generated column of an expression that is not known is renamed like any",
        &[(
            "0001_a",
            "operations = [migrations.CreateModel('Order', [('id', models.AutoField(primary_key=True)), ('n', models.IntegerField()),
        ('twice', models.GeneratedField(expression=models.F('n') * <2>, output_field=models.IntegerField(), db_persist=True))]),
        migrations.RenameField('order', 'twice', 'double'),
        migrations.RemoveField('order', 'double')]",
        )],
    ),
];

/// The hole that a text of [`ONCE_ADDED`] marks, and the text without the marks.
pub fn marked(file: &Path, text: &str) -> (Option<Hole>, String) {
    let whole = text.replace(['<', '>'], "");
    let hole = text.find('<').map(|start| {
        let end = text.find('>').unwrap() - 1;
        Hole {
            file: file.to_owned(),
            range: start..end,
            text: "mystery()".to_owned(),
        }
    });
    (hole, whole)
}
