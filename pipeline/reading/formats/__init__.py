"""What readers share: zip and OLE containers, XML without surprises, cells of xlsx and ods."""
