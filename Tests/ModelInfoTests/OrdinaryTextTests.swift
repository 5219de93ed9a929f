import Testing

@testable import ModelInfo

/// Texts that are about something else.
struct OrdinaryTextTests {
    @Test(arguments: [
        "# Tool\n\n```yaml\nname: my-app\nlicense: MIT\nsha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377\n```\n",
        "# Tool\n\n```\nname: \"VGG\"\nlayer {\n  name: \"conv1\"\n}\n```\n",
        "name: \"CaffeNet\"\ninput: \"data\"\n\nlayer {\n  name: \"conv1\"\n}\n",
        "# Net\n\n    name: \"x\"\n    license: y\n", "# Tool\n\nText.\n\nname: x\nlicense: y\n", "Name: John\nCourse: 101\n\nHomework.\n",
        "## Contact Information\n\nName: John\nMail: j@h\n",
        "# Tool\n\nSettings:\n\n- name: what it is called (text)\n- license: which header\n",
        "@article{x,\n  title = {A},\n  url: http://h/a,\n  name: y\n}\n", "The license: see below. A name: chosen by us.\n",
        "# Tool\n\n- Caffe version: 1.0\n- Python version: 3.5\n", "| name | license |\n|---|---|\n| a | MIT |\n",
        "| Name | x |\n|---|---|\n| License | MIT |\n",
        "```python\nconf = dict(\n  caffemodel: a,\n)\n```\n", "# Tool\n\nText\n\n---\n\nname: x\n\n---\n",
        "# Net\n\nThe caffemodel: a file with weights that you need.\n", "Set `caffemodel_url: URL` in your file.\n",
        "# Changes\n\nsha1: 9116a64c0fbe4459d18f4bb6b56d647b63920377\n", "Use the key caffemodel_url: it holds the address.\n",
    ])
    func `they give no field`(text: String) {
        let card = card(text: text)
        #expect(!card.hasZooKey)
        #expect(card.name == nil && card.license == nil && card.caffemodel == nil && card.sha1 == nil && card.caffeVersion == nil)
        #expect(card.binaries.isEmpty && card.extra.isEmpty)
    }

    @Test func `text around a model's keys is no key`() {
        let text = "caffemodel: a.caffemodel\ncaffemodel_url: http://h/a\n\nNote: this is text.\n\nhint: so is this\n\n## Use\n\nname: y\n"
        let card = card(text: text)
        #expect(card.extra.isEmpty && card.name == nil && card.binaries.count == 1)
    }
}
