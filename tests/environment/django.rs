pub struct DjangoVersion;
